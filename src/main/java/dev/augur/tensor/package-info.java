/**
 * Numbers with a name, a datatype and a shape, as in the Open Inference Protocol. Uses the JDK alone; any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.tensor;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
