/**
 * Features from hashes of Redis. Uses the Vert.x client of Redis; runs on the event loop that asks.
 */
@NullMarked
@CheckReturnValue
package dev.augur.feature.redis;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
