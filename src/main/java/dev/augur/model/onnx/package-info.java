/**
 * Models in ONNX format. The only user of ONNX Runtime; called on worker threads.
 */
@NullMarked
@CheckReturnValue
package dev.augur.model.onnx;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
