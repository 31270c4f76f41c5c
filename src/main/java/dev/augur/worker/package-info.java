/**
 * The way off the event loop: named pools of workers with a bounded queue in front. The only caller of
 * {@code executeBlocking}; any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.worker;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
