/**
 * The embedded feature store: one CSV file, in memory, without boxed values. Uses FastCSV; the file is read on a
 * worker, rows are looked up on any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.feature.csv;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
