/**
 * What the operator may choose: records with their defaults, and the loader that reports every problem at once. Runs at
 * start, on the main thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.config;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
