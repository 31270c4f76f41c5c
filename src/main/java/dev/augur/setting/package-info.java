/**
 * How settings are read, whoever's they are: the server's, a feature store's, those of routes that were plugged in.
 * Knows no setting. Used at start, by the thread that reads the configuration.
 */
@NullMarked
@CheckReturnValue
package dev.augur.setting;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
