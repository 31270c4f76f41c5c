/**
 * Deadlines of requests and of the stop, pauses between tries, waiting until nothing is left. Uses {@code error} and
 * Vert.x's timers.
 */
@NullMarked
@CheckReturnValue
package dev.augur.time;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
