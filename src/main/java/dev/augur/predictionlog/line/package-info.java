/**
 * One line of the prediction log as JSON: the names of its fields, and how some of them are read without the rest.
 * Writers, the ledger, questions, sinks and the replay use it; it uses none of them. Any thread.
 */
@NullMarked
@CheckReturnValue
package dev.augur.predictionlog.line;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
