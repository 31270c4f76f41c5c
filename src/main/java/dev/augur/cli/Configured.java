package dev.augur.cli;

import dev.augur.config.ConfigLoader;
import dev.augur.config.ServerConfig;

/**
 * What a command is given by the program: the configuration that the environment, the flags before it and the file say.
 */
interface Configured {
    /**
     * Reads it.
     *
     * @throws dev.augur.config.ConfigException with every problem found
     */
    ServerConfig configuration();

    /**
     * Reads what can be read of it, with every problem.
     *
     * @throws dev.augur.config.ConfigException when the file as a whole cannot be read
     */
    ConfigLoader.Reading reading();
}
