/**
 * The event bus as a contract: addresses and codecs.
 */
@NullMarked
@CheckReturnValue
package dev.augur.bus;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
