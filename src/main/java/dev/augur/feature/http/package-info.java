/**
 * Features from the JSON answers of an HTTP server. Uses the HTTP client of Vert.x core; runs on the event loop that
 * asks.
 */
@NullMarked
@CheckReturnValue
package dev.augur.feature.http;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
