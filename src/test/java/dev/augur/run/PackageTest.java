package dev.augur.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.augur.testkit.Needed;
import dev.augur.testkit.TestServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is handed out: the folder that {@code ./run.sh package} makes, the unit of systemd, and the jars of those who
 * embed. {@link InstallationTest} starts it.
 */
class PackageTest {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path UNIT = Path.of("conf", "systemd", "augur.service");
    private static final Path PROGRAMS = Path.of("src", "test", "resources", "embedding");

    /** What {@code src/docs/EMBEDDING.md} says that the client needs. */
    private static final String OF_THE_CLIENT =
            "(vertx-core|netty-(common|buffer|transport-[0-9]|handler|codec-(base|http|http2|dns)|resolver)|jackson-(core|databind|annotations)).*";

    /** What it says that a server does without, if no setting names it. */
    private static final String LEFT_OUT =
            "(kafka|zstd|lz4|snappy|hazelcast|vertx-(hazelcast|redis|auth-jwt)|scram|saslprep|stringprep|swagger|uplot|picocss|lit-html|logback|netty-(transport-(native|classes)|codec-compression)|LatencyUtils).*";

    @TempDir
    private static Path folder;

    /** The version of the jar that is tested. */
    static String version() throws Exception {
        try (var jar = new JarFile(TARGET.resolve("augur.jar").toFile())) {
            return jar.getManifest().getMainAttributes().getValue("Implementation-Version");
        }
    }

    private static Path home() throws Exception {
        return folder.resolve("augur-" + version());
    }

    @BeforeAll
    static void unpack() throws Exception {
        var archive = TARGET.resolve("augur-" + version() + ".tar.gz");
        assertThat(archive).as("made by ./run.sh package").exists();
        assertThat(run(Map.of(), "tar", "xzf", archive.toString(), "-C", folder.toString()))
                .isEmpty();
    }

    @Test
    void everyLibraryIsListedWithItsLicences() throws Exception {
        var libraries = names(home().resolve("lib"));
        assertThat(libraries).containsAll(names(TARGET.resolve("lib"))).hasSizeGreaterThan(50);
        assertThat(home().resolve("sbom.json"))
                .as("made by a build that is not offline")
                .exists();
        var parts = new ObjectMapper()
                .readTree(home().resolve("sbom.json").toFile())
                .get("components");
        var listed = Stream.iterate(0, i -> i < parts.size(), i -> i + 1)
                .map(parts::get)
                .map(part ->
                        part.get("name").asText() + "-" + part.get("version").asText())
                .collect(Collectors.toSet());
        var licences = home().resolve("licenses");
        var lines = Files.readAllLines(licences.resolve("THIRD-PARTY.txt"));
        for (String library : libraries) {
            var part = listed.stream().filter(library::startsWith).findFirst();
            assertThat(part).as("%s in sbom.json", library).isPresent();
            var artifact = part.orElseThrow().replaceFirst("-([0-9][^-]*(-[0-9]+)?)$", ":$1");
            var line = lines.stream()
                    .filter(each -> each.contains(":" + artifact + " "))
                    .findFirst();
            assertThat(line).as("%s in THIRD-PARTY.txt", artifact).isPresent();
            var names = Pattern.compile("\\(([A-Z0-9][A-Za-z0-9.-]+)\\)").matcher(line.orElseThrow());
            assertThat(names.find()).isTrue();
            assertThat(licences.resolve(names.group(1) + ".txt")).exists();
        }
        assertThat(licences.resolve("onnxruntime/ThirdPartyNotices.txt")).isNotEmptyFile();
    }

    @Test
    void anInstallationBuildsNothing() throws Exception {
        for (String command : List.of("test", "package", "bench")) {
            assertThat(run(Map.of(), home().resolve("run.sh").toString(), command))
                    .containsExactly("run.sh: " + command + " needs the sources, and this is an installation");
        }
        Files.move(home().resolve("augur.jar"), folder.resolve("aside.jar"));
        var said = run(Map.of(), home().resolve("run.sh").toString());
        Files.move(folder.resolve("aside.jar"), home().resolve("augur.jar"));
        assertThat(said).singleElement().asString().endsWith("is not there, and no sources to build it from");
    }

    @Test
    void theClientNeedsVertxAndJacksonAlone() throws Exception {
        var path = new ArrayList<>(List.of(TARGET.resolve("augur-client.jar").toString()));
        libraries().filter(name -> name.matches(OF_THE_CLIENT)).forEach(name -> path.add(library(name)));
        try (var server = TestServer.start(UnaryOperator.identity())) {
            String url = "http://127.0.0.1:" + server.port();
            assertThat(run(Map.of(), java(), "-cp", path(path), program("Ask"), url))
                    .containsExactly("class_1", "label");
        }
    }

    @Test
    void aServerInsideAProgramDoesWithoutWhatItsSettingsDoNotName() throws Exception {
        var jar = Files.copy(TARGET.resolve("augur.jar"), folder.resolve("augur.jar")); // away from target/lib
        var path = new ArrayList<>(List.of(jar.toString()));
        libraries().filter(name -> !name.matches(LEFT_OUT)).forEach(name -> path.add(library(name)));
        var variables = Map.of(
                "AUGUR_DATA_DIRECTORY", folder.resolve("data").toString(),
                "AUGUR_MODELS_REPOSITORY",
                        Path.of("conf", "models").toAbsolutePath().toString());
        assertThat(run(variables, java(), "-cp", path(path), program("Embedded")))
                .contains("class_1")
                .noneMatch(line -> line.contains("NoClassDefFoundError"));
    }

    @Test
    void aFullHeapEndsTheProcessThoughTheProgramCatchesIt() throws Exception {
        assertThat(run(Map.of(), java(), "@conf/jvm.flags", "-Xmx64m", program("FullHeap")))
                .anyMatch(line -> line.contains("Terminating due to java.lang.OutOfMemoryError"))
                .doesNotContain("goes on");
    }

    @Test
    void theServiceHasTimeToStop() throws Exception {
        var seconds = Files.readAllLines(UNIT).stream()
                .filter(line -> line.startsWith("TimeoutStopSec="))
                .map(line -> Duration.parse("PT" + line.substring("TimeoutStopSec=".length())))
                .findFirst()
                .orElseThrow();
        var settings = Files.readString(Path.of("conf", "augur.yaml"));
        var ordered = Stream.of("timeout", "pause")
                .map(name -> Pattern.compile("(?ms)^shutdown:.*?^  " + name + ": ([0-9]+s)")
                        .matcher(settings))
                .peek(setting -> assertThat(setting.find()).isTrue())
                .map(setting -> Duration.parse("PT" + setting.group(1)))
                .reduce(Duration.ofSeconds(5), Duration::plus); // and to close
        assertThat(seconds).isGreaterThan(ordered);
    }

    @Test
    void systemdTakesTheUnitAndFindsLittleExposed() throws Exception {
        Needed.isThere(
                Stream.of("/usr/bin/systemd-analyze", "/bin/systemd-analyze")
                        .anyMatch(each -> new File(each).canExecute()),
                "the unit of systemd is looked at by systemd-analyze: apt-get install systemd");
        var unit = folder.resolve("augur.service");
        Files.writeString(
                unit,
                Files.readString(UNIT)
                        .replace("/opt/augur/run.sh", home().resolve("run.sh").toString()));
        assertThat(run(Map.of(), "systemd-analyze", "verify", "--man=no", unit.toString()))
                .noneMatch(line -> line.contains("augur.service"));
        var exposure =
                run(Map.of(), "systemd-analyze", "security", "--offline=yes", "--no-pager", unit.toString()).stream()
                        .filter(line -> line.contains("Overall exposure level"))
                        .findFirst()
                        .orElseThrow();
        assertThat(Double.parseDouble(exposure.replaceFirst(".*: ([0-9.]+) .*", "$1")))
                .isLessThan(2);
    }

    private static Stream<String> libraries() {
        return names(TARGET.resolve("lib")).stream();
    }

    private static List<String> names(Path of) {
        return Stream.of(of.toFile().list()).sorted().toList();
    }

    private static String library(String name) {
        return TARGET.resolve("lib").resolve(name).toString();
    }

    private static String path(List<String> parts) {
        return String.join(File.pathSeparator, parts);
    }

    private static String program(String name) {
        return PROGRAMS.resolve(name + ".java").toString();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Runs it to its end. What it says on both outputs. */
    private static List<String> run(Map<String, String> variables, String... command) throws Exception {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("AUGUR_"));
        builder.environment().putAll(variables);
        var process = builder.start();
        try (var said = process.inputReader()) {
            return said.lines().toList();
        } finally {
            process.waitFor();
        }
    }
}
