/**
 * Every meter of the server, with its unit and its tags. Any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.metrics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
