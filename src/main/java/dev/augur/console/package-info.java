/**
 * What the console shows while somebody looks at it: one stream of events, made once for all who look. Uses what it
 * tells of: {@code metrics}, {@code model.runtime}, {@code predictionlog}, {@code timeline}; knows no HTTP. Gathers on
 * any thread, makes its events on a worker.
 */
@NullMarked
@CheckReturnValue
package dev.augur.console;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
