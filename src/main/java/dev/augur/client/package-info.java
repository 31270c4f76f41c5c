/**
 * What programs ask a node by: the same calls over the event bus and over HTTP. Uses the tensors and the JSON of the
 * protocol; runs on its caller's threads.
 */
@NullMarked
@CheckReturnValue
package dev.augur.client;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
