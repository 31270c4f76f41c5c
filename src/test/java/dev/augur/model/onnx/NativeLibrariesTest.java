package dev.augur.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where ONNX Runtime's libraries are loaded from, told by the map of a process of its own. */
class NativeLibrariesTest {
    private static final String FOLDER = "ai/onnxruntime/native/linux-";

    @TempDir
    Path folder;

    private Path jar;
    private Path temporary;

    @BeforeEach
    void install() throws Exception {
        var original = Path.of(OrtEnvironment.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        jar = Files.copy(
                original, Files.createDirectory(folder.resolve("a folder")).resolve("runtime.jar"));
        temporary = Files.createDirectory(folder.resolve("temporary"));
    }

    @Test
    void thoseOfTheInstallationAreTakenAsTheyAre() throws Exception {
        unpack();
        assertThat(loaded()).startsWith(folder.resolve("a folder/runtime").toString());
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void withoutThemThoseOfTheJarAreUnpackedAndRemoved() throws Exception {
        assertThat(loaded()).startsWith(temporary.toString()).endsWith("(deleted)");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void oneThatIsNotWholeIsNotTaken() throws Exception {
        for (Path library : unpack()) {
            try (var file = Files.newByteChannel(library, StandardOpenOption.WRITE)) {
                file.truncate(file.size() - 1);
            }
        }
        assertThat(loaded()).startsWith(temporary.toString());
    }

    /** As class loaders make them of {@code File.toURL()}. */
    @Test
    void aJarWhoseNameIsNoUriHasItsOwnUnpacked() throws Exception {
        unpack();
        assertThat(loaded(ByOddNames.class)).startsWith(temporary.toString());
    }

    private List<Path> unpack() throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            var entries = zip.stream()
                    .filter(entry -> entry.getName().startsWith(FOLDER)
                            && entry.getName().endsWith(".so"))
                    .toList();
            for (var entry : entries) {
                var file = folder.resolve("a folder/runtime").resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip.getInputStream(entry), file);
            }
            return entries.stream()
                    .map(entry -> folder.resolve("a folder/runtime").resolve(entry.getName()))
                    .toList();
        }
    }

    /** The file that the runtime was loaded from. */
    private String loaded() throws Exception {
        return loaded(Load.class);
    }

    private String loaded(Class<?> program) throws Exception {
        var others = List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                .filter(part -> !part.contains("onnxruntime"))
                .toList();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        jar + File.pathSeparator + String.join(File.pathSeparator, others),
                        program.getName())
                .redirectErrorStream(true)
                .start();
        try {
            var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(printed).isZero();
            return printed.strip();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Starts the runtime, and tells where from. */
    static final class Load {
        private Load() {}

        public static void main(String[] arguments) throws Exception {
            OnnxEnvironment.open().setTelemetry(/* sendTelemetry= */ false);
            try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
                System.out.println(maps.filter(line -> line.contains("libonnxruntime.so"))
                        .map(line -> line.substring(line.indexOf('/')))
                        .findFirst()
                        .orElse("nowhere"));
            }
        }
    }

    /** The same by a class loader whose names of files are no URIs. */
    static final class ByOddNames {
        private ByOddNames() {}

        public static void main(String[] arguments) throws Exception {
            var jars = new ArrayList<URL>();
            for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
                jars.add(new URL("file:" + part + (part.endsWith(".jar") ? "" : "/")));
            }
            try (var loader = new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
                var main = loader.loadClass(Load.class.getName()).getDeclaredMethod("main", String[].class);
                main.setAccessible(true);
                main.invoke(null, (Object) arguments);
            }
        }
    }
}
