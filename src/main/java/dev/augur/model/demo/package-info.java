/**
 * The tutorial's model: twice the feature value, after a while of blocking work. Called on worker threads.
 */
@NullMarked
@CheckReturnValue
package dev.augur.model.demo;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
