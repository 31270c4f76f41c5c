/** How much memory there is for this process, and how much a node may need. Called on any thread; reads a few files. */
@NullMarked
@CheckReturnValue
package dev.augur.memory;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
