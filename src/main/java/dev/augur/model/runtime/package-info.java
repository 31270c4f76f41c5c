/**
 * Models that answer: loading and trying them, their registry, queues, batches and workers, and the verticle that owns
 * all of it. Uses {@code model}, {@code inference} and {@code worker}. Callers are event loops, models run on workers.
 */
@NullMarked
@CheckReturnValue
package dev.augur.model.runtime;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
