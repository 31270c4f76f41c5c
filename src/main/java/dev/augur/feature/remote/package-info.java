/**
 * What the stores on other machines have in common: their bounds, the text of a key, a client that is replaced when it
 * falls silent, and one kind of failure. Uses Vert.x core; runs on the event loop that asks.
 */
@NullMarked
@CheckReturnValue
package dev.augur.feature.remote;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
