/**
 * Recorded inputs sent again: requests made of records, a client of the Open Inference Protocol, and what differs in
 * the answers. It reads records as JSON, so it serves records of other versions too. Blocks; one thread of a program
 * without event loops.
 */
@NullMarked
@CheckReturnValue
package dev.augur.replay;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
