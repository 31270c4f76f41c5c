/**
 * What follows the ledger: followers that read it behind a saved cursor and hand batches to sinks, and the sinks: one
 * fills a table of PostgreSQL, one a topic of Kafka. A sink gets every record of this node's writer, in order; one that
 * cannot store a record twice as well as once is told which may be there already. While a sink is away the ledger
 * grows on disk, and nothing else happens. Uses the ledger and a worker pool of its own. Runs on the event loop of the
 * logging verticle; files are read, and batches prepared, on a worker.
 */
@NullMarked
@CheckReturnValue
package dev.augur.predictionlog.sink;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
