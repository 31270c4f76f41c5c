/**
 * The public addresses of the event bus: consumers that come and go with the models, and pass messages on to
 * {@code request} and {@code pipeline}. Runs on event loops.
 */
@NullMarked
@CheckReturnValue
package dev.augur.consumer;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
