/**
 * Whether the rows of a model's first dimension are independent of each other: a proof from its graph, operator by
 * operator. Uses the JDK alone.
 */
@NullMarked
@CheckReturnValue
package dev.augur.model.onnx.rows;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
