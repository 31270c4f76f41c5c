package dev.augur.cli;

import dev.augur.access.Grants;
import dev.augur.access.KeyFile;
import dev.augur.access.Principal;
import dev.augur.config.ConfigException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code key}: makes, lists and revokes the keys that {@code access.keys} names. A running server follows within two
 * seconds. Exit codes: 0 done, 1 the file cannot be read or written, 2 used wrongly. One thread; blocks.
 */
@Command(
        name = KeyCommand.NAME,
        mixinStandardHelpOptions = true,
        description = "Makes, lists and revokes the keys that clients show (access.keys).")
final class KeyCommand {
    static final String NAME = "key";

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Configured program;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The file of the keys (default: access.keys).")
    private @Nullable Path file;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Command(description = "Makes a key and prints it, once.", mixinStandardHelpOptions = true)
    int create(
            @Option(
                            names = "--name",
                            required = true,
                            paramLabel = "NAME",
                            description = "Whose it is; stands in records and metrics.")
                    String name,
            @Option(
                            names = "--scopes",
                            required = true,
                            split = ",",
                            paramLabel = "SCOPE",
                            description = "What it allows: " + Grants.EXPECTED + ".")
                    List<String> scopes,
            @Option(
                            names = "--expires",
                            converter = Expiry.class,
                            paramLabel = "WHEN",
                            description = "When it ends to be good: 90d, or 2027-01-31T12:00:00Z (default: never).")
                    @Nullable
                    Instant expires) {
        var unknown = Grants.unknown(scopes);
        if (unknown.isPresent()) {
            complain("--scopes: \"" + unknown.get() + "\" is not allowed, expected " + Grants.EXPECTED);
            return MISUSED;
        }
        return at(keys -> {
            var principal = new Principal(name, Grants.known(scopes));
            say(keys.create(principal, expires));
            complain("kept as a digest in " + keys.path() + "; the key itself is shown this once");
            return 0;
        });
    }

    @Command(description = "Lists the keys.", mixinStandardHelpOptions = true)
    int list() {
        return at(keys -> {
            for (var key : keys.list()) {
                say(key.id() + "  " + key.name() + "  " + String.join(",", key.scopes())
                        + key.expires().map(end -> "  until " + end).orElse(""));
            }
            return 0;
        });
    }

    @Command(description = "Makes a key worthless.", mixinStandardHelpOptions = true)
    int revoke(@Parameters(paramLabel = "ID", description = "As the list names it.") String id) {
        return at(keys -> {
            if (!keys.remove(id)) {
                complain(keys.path() + ": holds no key \"" + id + "\"");
                return FAILED;
            }
            say("revoked " + id);
            return 0;
        });
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }

    private void complain(String line) {
        spec.commandLine().getErr().println(line);
    }

    /** What is done to the file. */
    private interface Work {
        int on(KeyFile keys) throws IOException;
    }

    private int at(Work work) {
        try {
            var chosen = file == null ? program.configuration().access().keys().orElse(null) : file;
            if (chosen == null) {
                complain("access.keys names no file: set it, or say --file");
                return MISUSED;
            }
            return work.on(new KeyFile(chosen));
        } catch (ConfigException e) {
            e.problems().forEach(this::complain);
        } catch (IllegalArgumentException e) {
            complain(String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            complain(e.getFile() + ": is not there; ./run.sh key create makes it with a first key");
            return FAILED;
        } catch (IOException e) {
            complain(String.valueOf(e.getMessage()));
            return FAILED;
        }
        return MISUSED;
    }

    /** A number of days from now, or a time. One thread. */
    static final class Expiry implements ITypeConverter<Instant> {
        private static final Pattern DAYS = Pattern.compile("([1-9][0-9]{0,4})d");

        @Override
        public Instant convert(String text) {
            var now = Instant.now();
            var days = DAYS.matcher(text);
            try {
                var end = days.matches()
                        ? now.plus(Duration.ofDays(Long.parseLong(days.group(1))))
                        : GivenTime.of(text, ZoneId.systemDefault()).instant();
                if (end.isAfter(now)) {
                    return end.truncatedTo(ChronoUnit.SECONDS);
                }
            } catch (DateTimeException e) {
                throw expected(text);
            }
            throw expected(text);
        }

        private static TypeConversionException expected(String text) {
            return new TypeConversionException(
                    "expected days such as 90d, or a time to come such as 2027-01-31T12:00:00Z, found \"" + text
                            + "\"");
        }
    }
}
