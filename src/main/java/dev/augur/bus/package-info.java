/**
 * The event bus as a contract: its addresses, and how codecs are made known.
 */
@NullMarked
@CheckReturnValue
package dev.augur.bus;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
