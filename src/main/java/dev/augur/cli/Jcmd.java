package dev.augur.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks a running JVM by the JDK's {@code jcmd}. Blocks, 30 seconds at most. */
final class Jcmd {
    private static final long LIMIT_SECONDS = 30;

    private final Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");

    /** Whether it is there: a JRE has none. */
    boolean isThere() {
        return Files.isExecutable(program);
    }

    /** The processes that run Augur: of this user, or of all for root. */
    List<Long> servers() throws IOException, InterruptedException {
        long self = ProcessHandle.current().pid();
        return run(List.of("-l"))
                .lines()
                .filter(line -> line.contains("augur.jar") && !line.contains(" " + Diagnose.NAME))
                .map(line -> Long.parseLong(line.split(" ", 2)[0]))
                .filter(pid -> pid != self)
                .toList();
    }

    /** What it answers, or says is wrong. */
    String ask(long pid, String... command) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(String.valueOf(pid)));
        words.addAll(List.of(command));
        return run(words);
    }

    private String run(List<String> arguments) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(program.toString()));
        words.addAll(arguments);
        var said = Files.createTempFile("augur-jcmd", ".txt");
        try {
            var process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "no answer within " + LIMIT_SECONDS + " s\n";
            }
            return Files.readString(said, StandardCharsets.UTF_8);
        } finally {
            Files.delete(said);
        }
    }
}
