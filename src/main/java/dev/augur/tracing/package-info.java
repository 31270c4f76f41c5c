/**
 * Traces, for OpenTelemetry: Vert.x makes a span for each request, its calls of stores and its messages; the stages of
 * predictions become spans below them when they are over. The only room that uses OpenTelemetry; any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.tracing;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
