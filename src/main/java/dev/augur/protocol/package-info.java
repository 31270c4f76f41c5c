/**
 * The JSON of the Open Inference Protocol v2. Knows no HTTP; any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.protocol;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
