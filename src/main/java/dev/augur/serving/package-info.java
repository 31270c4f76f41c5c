/**
 * What a request for a prediction goes through, however it came: read, predict, write, record, and the limits on the way. HTTP and the
 * event bus are thin and stand in front of it. Uses {@code protocol}, {@code inference}, {@code pipeline}, {@code predictionlog} and
 * {@code worker}; runs on event loops, and for large JSON on workers.
 */
@NullMarked
@CheckReturnValue
package dev.augur.serving;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
