/**
 * From an inference request to its response: the predictor, and the verticle that owns models and worker pools. Callers
 * are event loops, models run on workers.
 */
@NullMarked
@CheckReturnValue
package dev.augur.inference;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
