/**
 * The prediction log: records, the sender's side on the event bus, the logging verticle and the ledger on disk.
 */
@NullMarked
@CheckReturnValue
package dev.augur.predictionlog;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
