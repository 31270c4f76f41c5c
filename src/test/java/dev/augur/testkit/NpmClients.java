package dev.augur.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The packages of {@code src/test/npm}, and a Node that runs what is there. */
public final class NpmClients {
    private static final Path SOURCE = Path.of("src/test/npm");
    private static final String LOCK = "package-lock.json";

    private final Path folder;

    private NpmClients(Path folder) {
        this.folder = folder;
    }

    /** Has npm install what is locked, unless it is there; without npm the test is skipped, in CI it fails. */
    public static NpmClients install() throws Exception {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "npm")));
        Needed.isThere(there, "the public clients of the bridges need Node.js and npm: apt-get install nodejs npm");
        var folder = Files.createDirectories(Path.of("target/npm"));
        boolean fresh = Files.exists(folder.resolve("node_modules/.package-lock.json"))
                && Files.mismatch(SOURCE.resolve(LOCK), folder.resolve(LOCK)) == -1;
        try (var files = Files.list(SOURCE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        var clients = new NpmClients(folder);
        if (!fresh) {
            clients.run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
        }
        return clients;
    }

    /** A file of a package. */
    public Path file(String path) {
        return folder.resolve("node_modules").resolve(path);
    }

    /** Runs a script to its good end; what it has printed. */
    public String node(String... command) throws Exception {
        return run(Stream.concat(Stream.of("node"), Stream.of(command)).toList());
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + said);
        }
        return said;
    }
}
