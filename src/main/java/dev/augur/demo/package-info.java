/**
 * The tutorial: four ways to serve the same prediction, one plain method each, and the routes, pools and delays that it
 * needs. It stands above {@code http}; nothing else knows of it, so that the server is whole without this folder, the
 * settings {@code demo} and the line in {@code META-INF/services}. Runs on event loops.
 */
@NullMarked
@CheckReturnValue
package dev.augur.demo;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
