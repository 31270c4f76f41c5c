/**
 * The whole server measured from outside, side by side with what it cannot beat, a bare Vert.x route, ONNX Runtime in a
 * loop and a server at the limit, and with what one would write instead. Uses nothing of Augur but its processes; each
 * program has its own threads.
 */
@NullMarked
@CheckReturnValue
package dev.augur.load;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
