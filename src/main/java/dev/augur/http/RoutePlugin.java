package dev.augur.http;

import dev.augur.setting.Section;

/**
 * Routes that are served wherever their classes are: found by {@link java.util.ServiceLoader}, so a line in
 * {@code META-INF/services} is all that a server knows of them. Used by the thread that reads the configuration.
 */
public interface RoutePlugin {
    /** The section of the configuration that is theirs, such as {@code demo}. */
    String section();

    /** Reads that section; what is wrong is left with it. */
    RouteSource read(Section settings);
}
