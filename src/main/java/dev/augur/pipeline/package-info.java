/**
 * The fixed path of a request that names an entity: features are looked up, the model's inputs made of them, the model
 * run, the outcome recorded. Uses {@code feature}, {@code inference} and {@code predictionlog}; runs on event loops.
 */
@NullMarked
@CheckReturnValue
package dev.augur.pipeline;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
