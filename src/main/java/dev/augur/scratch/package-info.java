/**
 * Temporary files: folders of this process, which leave nothing behind. Uses the JDK alone; called on threads that may
 * block.
 */
@NullMarked
@CheckReturnValue
package dev.augur.scratch;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
