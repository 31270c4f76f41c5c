/**
 * When a request is recorded, and what of it: the one policy of every entrance. Uses {@code predictionlog} and
 * {@code inference}; runs on event loops, and for large tensors on workers.
 */
@NullMarked
@CheckReturnValue
package dev.augur.predictionlog.recording;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
