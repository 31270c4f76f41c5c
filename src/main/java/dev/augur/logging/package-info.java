/**
 * The log of the process, for those who run it: its lines, in text or in JSON, its levels, and the access log. The
 * prediction log is something else. The only room that uses Logback; any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.logging;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
