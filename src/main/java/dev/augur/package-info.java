/**
 * Augur, a model server: the composition root ({@link dev.augur.Server}), which other programs embed. May use every
 * other package; only {@code cli} uses it.
 */
@NullMarked
@CheckReturnValue
package dev.augur;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
