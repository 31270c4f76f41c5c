/**
 * The HTTP surface: routes, handlers, the one place that turns failures into statuses. The only user of vertx-web; runs
 * on event loops.
 */
@NullMarked
@CheckReturnValue
package dev.augur.http;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
