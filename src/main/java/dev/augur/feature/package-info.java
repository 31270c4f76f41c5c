/**
 * Where features come from. Never blocks the event loop that asks.
 */
@NullMarked
@CheckReturnValue
package dev.augur.feature;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
