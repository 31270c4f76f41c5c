/**
 * Who may ask: keys and tokens, and what they allow. Knows nothing of HTTP. Keys are compared on the caller's thread,
 * signatures on workers.
 */
@NullMarked
@CheckReturnValue
package dev.augur.access;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
