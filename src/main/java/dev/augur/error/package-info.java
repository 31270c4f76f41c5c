/**
 * What can go wrong, as a caller sees it: a closed set of codes, the one exception that carries them, and how
 * messages and the log tell of it. Uses the JDK alone; any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.error;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
