/**
 * The contract of a prediction: a request, its response, and who makes one of the other. Uses {@code tensor},
 * {@code error} and {@code timeline}; knows no model and no thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.inference;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
