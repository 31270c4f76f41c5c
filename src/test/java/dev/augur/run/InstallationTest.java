package dev.augur.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where it is installed, from where and in which surroundings it is started. The folders are made by the shell: this
 * JVM may not know ö.
 */
class InstallationTest {
    private static final long LIMIT_SECONDS = 120;
    private static final String PROJECT = Path.of("").toAbsolutePath().toString();

    /** Makes a folder to stand in, with settings, a model and a link to the program, and starts that. */
    private static final String BY_A_LINK =
            """
            cd "$1" && mkdir -p bin here/models && ln -s "$2/run.sh" bin/program && ln -s program bin/augur && cd here
            cp -r "$2/conf/models/iris" models/$'iris-\\303\\266.v1'
            printf 'models: {repository: models}\\ndata: {directory: "\\303\\244"}\\n' > my.yaml
            exec ../bin/augur --set models.by-name.$'iris-\\303\\266.v1'.queue=7 "${@:3}"
            """;

    /** Unpacks what is handed out into a folder that nobody may write, and starts it as nobody. */
    private static final String OF_ANOTHER =
            """
            cd "$1" && mkdir "o p t" && tar xzf "$2/target/augur-$VERSION.tar.gz" -C "o p t" --strip-components=1
            chmod -R a-w,a+rX "o p t" && chmod a+x .
            cd / && [ "$(id -u)" != 0 ] || nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
            exec $nobody env -u HOME -u XDG_CACHE_HOME "$1/o p t/run.sh" < /dev/null
            """;

    /** Starts the jar alone, so that the locale is what it is. */
    private static final String WITHOUT_THE_SCRIPT =
            """
            cd "$1" && mkdir -p models $'f\\303\\266lder' && cp -r "$2/conf/models/iris" models
            for name in $'iris-\\303\\266' $'bad-\\377' 'a b' $'tab\\t' 'per%41cent' '-d'; do cp -r -- models/iris "models/$name"; done
            printf 'models: {repository: models}\\ndata: {directory: data}\\n' > my.yaml && cp my.yaml $'f\\303\\266lder'
            case $ODD in folder) cd $'f\\303\\266lder' ;; file) set -- "$1" "$2" --config $'f\\303\\266lder/my.yaml' ;; esac
            exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Djava.io.tmpdir="$1/tmp" -jar "$2/target/augur.jar" "${@:3}"
            """;

    @TempDir
    Path folder;

    private Path temporary;

    @BeforeEach
    void makeFolders() throws Exception {
        temporary = Files.createDirectory(folder.resolve("tmp"));
        for (Path open : List.of(folder, temporary)) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
    }

    @Test
    void startsThroughALinkFromWhereOneStandsUnderAnyLocaleAndLeavesNothing() throws Exception {
        for (String signal : List.of("TERM", "KILL")) {
            try (var augur = ready(Map.of("LC_ALL", "C"), BY_A_LINK, "--config", "my.yaml")) {
                assertThat(augur.out())
                        .anyMatch(
                                line -> line.startsWith("  model   iris-ö.v1 version 1: ") && line.contains("queue 7"))
                        .anyMatch(line -> line.contains("ä/predictions/writer-"));
                assertThat(augur.err()).isEmpty();
                augur.signal(signal);
                assertThat(augur.exitCode()).isEqualTo(signal.equals("TERM") ? 0 : 128 + 9);
            }
            assertThat(everything(temporary)).isEmpty();
            assertThat(everything(folder.resolve("here")))
                    .anyMatch(file -> file.getFileName().toString().equals("lock"));
            remove("here", "bin");
        }
    }

    @Test
    void withoutTheScriptEveryModelIsServedOrRefusedByName() throws Exception {
        try (var augur = ready(Map.of("LC_ALL", "C", "ODD", ""), WITHOUT_THE_SCRIPT, "--config", "my.yaml")) {
            var index =
                    new JsonArray(augur.post("/v2/repository/index", "{}").get().body());
            String refused =
                    " UNAVAILABLE this process cannot open it in its locale: start with LC_ALL=C.UTF-8, or rename it";
            assertThat(index.stream().map(JsonObject.class::cast).map(model -> (model.getString("name") + " "
                                    + model.getString("state") + " " + model.getString("reason"))
                            .strip()))
                    .containsExactlyInAnyOrder(
                            "iris READY",
                            "a b READY",
                            "tab\t READY",
                            "per%41cent READY",
                            "-d READY",
                            "iris-\u00f6" + refused,
                            "bad-\ufffd" + refused);
            assertThat(augur.get("/v2/models/per%2541cent/ready").statusCode()).isEqualTo(200);
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "folder"})
    void withoutTheScriptAPlaceThatTheLocaleCannotWriteIsNamedWithTheRemedy(String odd) throws Exception {
        var variables = Map.of("LC_ALL", "C", "ODD", odd);
        try (var augur = launch(variables, WITHOUT_THE_SCRIPT, "--config", "my.yaml")) {
            assertThat(augur.exitCode()).isEqualTo(2);
            assertThat(augur.err())
                    .singleElement()
                    .asString()
                    .endsWith(": this process cannot open it in its locale: start with LC_ALL=C.UTF-8, or rename it");
        }
    }

    @Test
    void theVariableThatNamesTheFileIsRelativeTooAndNumbersStayNumbersInAnyLanguage() throws Exception {
        var variables = Map.of(
                "LC_ALL",
                "",
                "LANG",
                "C",
                "AUGUR_CONFIG",
                "my.yaml",
                "JAVA_OPTS",
                "-Duser.language=ar -Duser.country=EG");
        try (var augur = ready(variables, BY_A_LINK)) {
            assertThat(augur.out()).anyMatch(line -> line.startsWith("  model   iris-ö.v1 version 1: "));
            assertThat(augur.get("/v2/models/iris-%C3%B6.v1").statusCode()).isEqualTo(200);
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
        }
    }

    @Test
    void servesSilentlyFromAFolderThatBelongsToAnother() throws Exception {
        var data = folder.resolve("data").toString();
        try (var augur = ready(Map.of("AUGUR_DATA_DIRECTORY", data), OF_ANOTHER)) {
            assertThat(augur.err()).isEmpty();
            assertThat(augur.out()).anyMatch(line -> line.startsWith("  log     " + data));
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
        }
    }

    @Test
    void saysWhichSettingIsWrongWhenItMayNotWrite() throws Exception {
        try (var augur = launch(Map.of(), OF_ANOTHER)) {
            assertThat(augur.exitCode()).isEqualTo(1);
            assertThat(augur.err())
                    .singleElement()
                    .asString()
                    .contains("/o p t/data", "data.directory", "AUGUR_DATA_DIRECTORY");
        }
    }

    @Test
    void namesTheTemporaryFolderAndTheRemedyWhenItCannotBeUsed() throws Exception {
        Files.delete(temporary);
        Files.createFile(temporary);
        try (var augur = ready(Map.of("AUGUR_CONFIG", "my.yaml"), BY_A_LINK)) {
            String remedy = "the temporary folder cannot be used: Not a directory; set TMPDIR ";
            assertThat(augur.err())
                    .anyMatch(line -> line.contains("no rehearsal of the start: " + remedy))
                    .noneMatch(line -> line.startsWith("\tat "));
            var index =
                    new JsonArray(augur.post("/v2/repository/index", "{}").get().body());
            assertThat(index.getJsonObject(0).getString("reason")).contains("ONNX Runtime does not start: " + remedy);
        }
    }

    @Test
    void aRepositoryThatIsNotThereIsAnError() throws Exception {
        try (var augur = launch(Map.of("AUGUR_MODELS_REPOSITORY", "nowhere"), BY_A_LINK)) {
            assertThat(augur.exitCode()).isEqualTo(1);
            assertThat(augur.err())
                    .singleElement()
                    .asString()
                    .contains("here/nowhere is not there", "AUGUR_MODELS_REPOSITORY");
        }
    }

    @Test
    void listensOnBothFamilies() throws Exception {
        try (var augur =
                ready(Map.of("AUGUR_HTTP_HOST", "::", "AUGUR_ACCESS", "none", "AUGUR_CONFIG", "my.yaml"), BY_A_LINK)) {
            String url = augur.out().get(0).replaceFirst(".* at ", "");
            assertThat(url).startsWith("http://[::]:");
            var port = url.replaceFirst(".*:", "");
            for (String host : List.of("127.0.0.1", "[::1]")) {
                var curl = new ProcessBuilder("curl", "-sfg", "http://" + host + ":" + port + "/health/live").start();
                assertThat(curl.waitFor()).as(host).isZero();
            }
        }
    }

    private AugurProcess ready(Map<String, String> variables, String script, String... flags) throws Exception {
        var augur = launch(variables, script, flags);
        TestServer.within(
                LIMIT_SECONDS,
                () -> augur.out().stream().anyMatch(line -> line.startsWith("  log ")) || !augur.alive());
        assertThat(augur.alive()).as("%s", augur.err()).isTrue();
        return augur;
    }

    private AugurProcess launch(Map<String, String> variables, String script, String... flags) throws Exception {
        var all = new HashMap<>(variables);
        all.putIfAbsent("AUGUR_HTTP_PORT", "0");
        all.put("TMPDIR", temporary.toString());
        all.put("VERSION", PackageTest.version());
        var command = new ArrayList<>(List.of("bash", "-c", script, "bash", folder.toString(), PROJECT));
        command.addAll(List.of(flags));
        return AugurProcess.launch(all, command);
    }

    private void remove(String... names) throws Exception {
        for (String name : names) {
            assertThat(new ProcessBuilder("rm", "-r", folder.resolve(name).toString())
                            .start()
                            .waitFor())
                    .isZero();
        }
    }

    private static List<Path> everything(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !file.equals(folder)).toList();
        }
    }
}
