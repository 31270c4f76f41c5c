/**
 * What nodes say of themselves on the event bus, how it is written, and who listens to it from outside of a node. Part
 * of the client, so it knows vertx-core and nothing of a server.
 */
@NullMarked
@CheckReturnValue
package dev.augur.statement;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
