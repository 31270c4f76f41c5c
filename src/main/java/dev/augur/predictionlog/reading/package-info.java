/**
 * Questions to the prediction log on disk: pages of records, the newest first, and single records by their id. It uses
 * the ledger's files and nothing of the writer; work is bounded by bytes read, so one question may take several
 * requests. What reads runs on worker threads.
 */
@NullMarked
@CheckReturnValue
package dev.augur.predictionlog.reading;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
