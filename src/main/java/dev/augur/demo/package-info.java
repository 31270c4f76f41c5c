/**
 * The tutorial: four ways to serve the same prediction, one plain method each. Runs on event loops.
 */
@NullMarked
@CheckReturnValue
package dev.augur.demo;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
