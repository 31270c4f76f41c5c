package dev.augur.inference;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;

/**
 * How urgent a request is among those that wait for the same model (scheduling policy extension, parameter
 * {@code priority}). Thread-safe.
 *
 * @param level from 1, the most urgent, to {@link #LEVELS}
 */
public record Priority(int level) {
    /** How many levels there are. */
    public static final int LEVELS = 9;
    /** Of a request that does not say, or says 0. */
    public static final Priority DEFAULT = new Priority(5);

    /**
     * The priority a request asks for.
     *
     * @throws ServingException {@code INVALID_ARGUMENT} when there is no such level
     */
    public static Priority of(Object requested) {
        if (!(requested instanceof Integer level) || level < 0 || level > LEVELS) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    "parameter \"priority\" must be an integer from 1, the most urgent, to " + LEVELS
                            + ", or 0 for the default");
        }
        return level == 0 ? DEFAULT : new Priority(level);
    }
}
