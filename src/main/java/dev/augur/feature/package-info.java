/**
 * Where features come from: the interface of a store, and what stands in front of any store. {@link
 * dev.augur.feature.FeatureLookup} is what a pipeline uses; each kind of store has a package below this one. Uses
 * Caffeine and the worker pools. Never blocks the event loop that asks.
 */
@NullMarked
@CheckReturnValue
package dev.augur.feature;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
