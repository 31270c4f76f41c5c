/**
 * Which nodes there are and what each of them serves: every node says it on the event bus, and keeps what the others
 * say. Knows nothing of HTTP and of Hazelcast; what it keeps is read by any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.membership;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
