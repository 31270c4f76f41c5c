/**
 * The digest that tells files, tensors and lines of the ledger from any others. Uses the JDK alone; any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.digest;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
