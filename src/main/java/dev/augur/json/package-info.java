/**
 * JSON as bytes: texts, numbers and times are written straight into them. Uses the JDK alone; any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.json;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
