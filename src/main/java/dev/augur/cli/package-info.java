/**
 * The program and its commands: {@link dev.augur.cli.Augur} serves, {@link dev.augur.cli.VerifyLog} checks,
 * {@link dev.augur.cli.Replay} sends again. The only place that touches the process: its arguments, its environment,
 * its signals, its end. Stands above everything.
 */
@NullMarked
@CheckReturnValue
package dev.augur.cli;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
