package dev.augur.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The levels of the process's log, which can be changed while it runs. Thread-safe. */
public final class Levels {
    /** What a level may be, the most telling first. */
    public static final List<String> ALL = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    /** The logger of all that have no level of their own; it has one always. */
    public static final String ROOT = Logger.ROOT_LOGGER_NAME;

    private Levels() {}

    /** Those that were set, by logger; {@code ROOT} is the one of all that have none of their own. */
    public static Map<String, String> set() {
        var levels = new TreeMap<String, String>();
        context().ifPresent(known -> known.getLoggerList().stream()
                .filter(logger -> logger.getLevel() != null)
                .forEach(
                        logger -> levels.put(logger.getName(), logger.getLevel().toString())));
        return levels;
    }

    /**
     * Sets one; false where there is no such logger, of a class or a package that is in use.
     *
     * @param level one of {@link #ALL}; {@code null} for that of the package around it, which {@link #ROOT} lacks
     */
    public static boolean set(String name, @Nullable String level) {
        var logger = context().map(known -> known.exists(name));
        logger.ifPresent(found -> found.setLevel(level == null ? null : Level.toLevel(level)));
        return logger.isPresent();
    }

    /** The level that holds for it now; empty where there is no such logger. */
    public static Optional<String> of(String name) {
        return context()
                .map(known -> known.exists(name))
                .map(Logger::getEffectiveLevel)
                .map(Level::toString);
    }

    /** Waits, a second at most, until what was logged is written. */
    public static void flush() {
        context().ifPresent(LoggerContext::stop);
    }

    private static Optional<LoggerContext> context() {
        return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                ? Optional.of(context)
                : Optional.empty();
    }
}
