/**
 * What a request for a prediction goes through, however it came: who waits for it, the memory it may take, reading,
 * predicting, writing, and how failures are told. HTTP and the event bus are thin and stand in front of it. Uses
 * {@code protocol}, {@code inference}, {@code model.runtime}, {@code predictionlog.recording} and {@code worker}; runs
 * on event loops, and for large JSON on workers.
 */
@NullMarked
@CheckReturnValue
package dev.augur.request;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
