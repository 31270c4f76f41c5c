/**
 * The prediction logs of all nodes as one: asks each node that has one, over the event bus, merges what they answer and
 * says who did not.
 */
@NullMarked
@CheckReturnValue
package dev.augur.logview;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
