/**
 * How nodes find one another. The only user of Hazelcast; runs at start, on the main thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.cluster;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
