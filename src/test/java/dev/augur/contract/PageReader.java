package dev.augur.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.augur.cli.Augur;
import dev.augur.testkit.Markdown;
import dev.augur.testkit.TestServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Somebody who does what a page says, one command after the other, in a folder that looks like Augur's: saves its
 * programs, starts and asks a server, and compares the answers with those the page shows.
 */
final class PageReader implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern PUBLIC_CLASS = Pattern.compile("public (?:final class|class|record) (\\w+)");
    private static final Pattern RECORD_ID = Pattern.compile("\"record_id\": ?\"([^\"]+)\"");
    private static final Pattern ADDRESS = Pattern.compile("(127\\.0\\.0\\.1|localhost):[0-9]{4}");
    private static final String ANYTHING = "…";

    private static final String JAR = "target/augur.jar";
    private static final String CLASSES = System.getProperty("java.class.path");

    /** They need a database, or would run these tests again. */
    private static final Set<String> ELSEWHERE = Set.of("psql", "duckdb", "mvn");

    private final Path folder;
    private @Nullable TestServer server;
    private @Nullable Process program;
    private int port; // of the server that was started last
    private String recordId = "";

    PageReader(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("conf/models"));
        for (String place : List.of("conf", "conf/models")) {
            try (Stream<Path> shipped = Files.list(Path.of(place))) {
                for (Path file :
                        shipped.filter(file -> !file.endsWith("models")).toList()) {
                    Files.createSymbolicLink(folder.resolve(file), file.toAbsolutePath());
                }
            }
        }
    }

    /** Follows a page from its first block to its last; how many commands that were. */
    int follow(Markdown page) throws Exception {
        int commands = 0;
        for (var block : page.blocks()) {
            var program = PUBLIC_CLASS.matcher(block.text());
            if (block.language().equals("java") && program.find()) {
                Files.writeString(folder.resolve(program.group(1) + ".java"), block.text());
            } else if (block.language().equals("sh")) {
                for (ShellCommand command : ShellCommand.in(block.text())) {
                    run(command);
                    commands++;
                }
            }
        }
        return commands;
    }

    private void run(ShellCommand command) throws Exception {
        String first = command.text().split("\\s", 2)[0];
        if (first.equals("./run.sh") || command.text().startsWith("JAVA_OPTS")) {
            runScript(command);
        } else if (first.equals("java")) {
            serve(command);
        } else if (!ELSEWHERE.contains(first) && (first.equals("curl") || known(first))) {
            var answer = bash(command.text()
                    .replaceFirst("^curl ", "curl -fsS ")
                    .replace(JAR, CLASSES)
                    .replace("RECORD_ID", recordId));
            var record = RECORD_ID.matcher(answer);
            recordId = record.find() ? record.group(1) : recordId;
            compare(command, answer);
        }
    }

    private static void compare(ShellCommand command, String answer) throws IOException {
        if (command.expected().startsWith("{")) {
            var found = JSON.readTree(answer);
            assertThat(like(JSON.readTree(command.expected()), found))
                    .as("%s answered %s", command.text(), answer)
                    .isTrue();
        } else {
            assertThat(answer).as(command.text()).contains(command.expected());
        }
    }

    /** Whether they are equal, but for what the page leaves open. */
    private static boolean like(JsonNode expected, JsonNode found) {
        if (expected.isTextual() && expected.asText().equals(ANYTHING)) {
            return true;
        }
        if (expected.isObject() && found.isObject() && expected.size() == found.size()) {
            return expected.properties().stream().allMatch(field -> like(field.getValue(), found.path(field.getKey())));
        }
        return expected.equals(found);
    }

    private void runScript(ShellCommand command) throws Exception {
        var words = new ArrayList<>(
                List.of(command.text().replaceFirst("\\s#.*", "").split("\\s+")));
        words.subList(0, words.indexOf("./run.sh") + 1).clear();
        if (words.contains("verify-log") || words.contains("replay")) {
            String url = "http://127.0.0.1:" + port();
            words.addAll(0, List.of("--set", "data.directory=" + folder.resolve("data")));
            if (words.contains("replay")) {
                words.addAll(List.of("--url", url));
            }
            assertThat(new CommandLine(Augur.class).execute(words.toArray(String[]::new)))
                    .as(command.text())
                    .isZero();
        } else if (words.stream().anyMatch(Set.of("test", "package", "bench")::contains)) {
            assertThat(Files.readString(Path.of("run.sh"))).contains("\"${1:-}\" = " + words.get(0));
        } else {
            new CommandLine(Augur.class).parseArgs(words.toArray(String[]::new));
            int config = words.indexOf("--config");
            if (config >= 0) {
                var unused = start("config=" + folder.resolve(words.get(config + 1)));
            }
        }
    }

    /** The server to ask; the shipped one, with a record in its log, if the page has started none. */
    private int port() throws Exception {
        if (server == null && program == null) {
            start("models.repository=" + folder.resolve("conf/models")).post("/predict/wine", "{\"item_id\": 43}");
        }
        return port;
    }

    private TestServer start(String... settings) throws Exception {
        close();
        var all = Stream.concat(Arrays.stream(settings), Stream.of("data.directory=" + folder.resolve("data")));
        server = TestServer.start(all.toArray(String[]::new));
        port = server.port();
        return server;
    }

    /** A program that has a server inside; waits until it is ready. */
    private void serve(ShellCommand command) throws Exception {
        close();
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        program = process("exec " + command.text().replace(JAR, CLASSES))
                .redirectOutput(folder.resolve("program.log").toFile())
                .start();
        var ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                .build();
        TestServer.within(60, () -> {
            try {
                return HttpClient.newHttpClient()
                                .send(ready, BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            } catch (ConnectException notYet) {
                return false;
            }
        });
    }

    private String bash(String command) throws Exception {
        var process = process(ADDRESS.matcher(command).replaceAll("127.0.0.1:" + port()))
                .start();
        var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("exit code of %s, which said %s", command, answer)
                .isZero();
        return answer;
    }

    private ProcessBuilder process(String command) {
        var builder = new ProcessBuilder("bash", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "AUGUR_HTTP_PORT", String.valueOf(port),
                        "AUGUR_DATA_DIRECTORY", folder.resolve("data").toString()));
        return builder;
    }

    /** Whether there is such a program here; that of curl is asked for in any case. */
    private static boolean known(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
            server = null;
        }
        if (program != null) {
            program.destroyForcibly().onExit().join();
            program = null;
        }
    }
}
