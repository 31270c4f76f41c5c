/**
 * What {@code /openapi.json} says: a template, and what is known at run time alone. Uses Jackson's trees; runs on
 * worker threads.
 */
@NullMarked
@CheckReturnValue
package dev.augur.openapi;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
