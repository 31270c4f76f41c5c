/**
 * Features from a table or a query of PostgreSQL. Uses the Vert.x client of PostgreSQL; runs on the event loop that
 * asks.
 */
@NullMarked
@CheckReturnValue
package dev.augur.feature.sql;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
