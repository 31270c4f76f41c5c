/**
 * When each stage of a request for a prediction began and ended, and on which thread: for the header
 * {@code Server-Timing}, and for whoever watches. Uses the JDK alone; any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.timeline;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
