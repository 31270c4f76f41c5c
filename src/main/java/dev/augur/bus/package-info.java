/**
 * The event bus as a contract: its addresses.
 */
@NullMarked
@CheckReturnValue
package dev.augur.bus;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
