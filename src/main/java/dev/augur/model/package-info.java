/**
 * Models: what they are, where they lie on disk, which are loaded. Uses {@code tensor} and {@code error}; loading and
 * predicting happen on worker threads, the registry is read from any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.model;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
