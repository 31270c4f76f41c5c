/**
 * The event bus for browsers and other languages: SockJS and TCP, with an allow-list, limits and keys. Knows nothing of
 * what is behind the addresses. Runs on one event loop.
 */
@NullMarked
@CheckReturnValue
package dev.augur.bridge;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
