package dev.augur.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.augur.scratch.ScratchFolder;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * ONNX Runtime's libraries as files. An installation has them unpacked beside the jar, in a folder of its name. Else
 * they lie in a folder of this process only while they are loaded, since the runtime would leave its own there when the
 * process is killed or halts: 28 MB a start. Called on one thread at a time; blocks.
 */
final class NativeLibraries {
    /** Where ONNX Runtime looks; once set it has loaded them, or whoever set it has them elsewhere. */
    private static final String PLACE = "onnxruntime.native.path";

    private static final List<String> NAMES = List.of("onnxruntime", "onnxruntime4j_jni");

    private NativeLibraries() {}

    /**
     * Does this, which loads the libraries if it is the first that does.
     *
     * @throws dev.augur.scratch.ScratchException when they cannot be unpacked
     */
    static <T> T with(Callable<T> start) throws Exception {
        var libraries = inJar();
        if (System.getProperty(PLACE) != null || libraries.isEmpty()) {
            return start.call();
        }
        try (var folder = ScratchFolder.make()) { // beside which the runtime makes one for itself in any case
            var place = installed(libraries).orElse(folder.path());
            if (place.equals(folder.path())) {
                unpack(libraries, folder);
            }
            System.setProperty(PLACE, place.toString());
            var before = runtimesOwn(folder);
            var started = start.call();
            var made = runtimesOwn(folder);
            made.removeAll(before);
            made.forEach(each -> each.toFile().delete()); // only if it is empty
            return started;
        }
    }

    /** The folder of those that the build has unpacked beside the jar; empty where they are not there, or not whole. */
    private static Optional<Path> installed(Map<String, URL> libraries) throws IOException {
        Path folder = null;
        for (URL library : libraries.values()) {
            if (!(library.openConnection() instanceof JarURLConnection entry)) {
                return Optional.empty();
            }
            var jar = file(entry.getJarFileURL());
            if (jar.isEmpty()) {
                return Optional.empty();
            }
            var file = Path.of(jar.get().toString().replaceFirst("\\.jar$", ""), entry.getEntryName());
            if (!Files.isRegularFile(file) || Files.size(file) != entry.getContentLengthLong()) {
                return Optional.empty();
            }
            folder = file.getParent();
        }
        return Optional.ofNullable(folder);
    }

    /** Empty where a class loader of a program that embeds has jars within jars, or names that are no URI. */
    private static Optional<Path> file(URL jar) {
        try {
            return jar.getProtocol().equals("file") ? Optional.of(Path.of(jar.toURI())) : Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException noPath) {
            return Optional.empty();
        }
    }

    /** The folders that ONNX Runtime makes beside ours at each start, whether or not it unpacks anything. */
    private static Set<Path> runtimesOwn(ScratchFolder folder) throws IOException {
        try (var entries = Files.newDirectoryStream(folder.path().resolveSibling("."), "onnxruntime-java*")) {
            var found = new HashSet<Path>();
            entries.forEach(found::add);
            return found;
        }
    }

    private static void unpack(Map<String, URL> libraries, ScratchFolder folder) throws IOException {
        try {
            for (var library : libraries.entrySet()) {
                var file = folder.path().resolve(library.getKey());
                try (var in = library.getValue().openStream()) {
                    long unused = Files.copy(in, file);
                }
                folder.allowPrograms(file);
            }
        } catch (IOException e) {
            throw ScratchFolder.because(e);
        }
    }

    /** By the names of their files; none on a system that the jar has none for, which the runtime tells itself. */
    private static Map<String, URL> inJar() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String folder = (system.contains("mac") ? "osx" : system.contains("linux") ? "linux" : system) + "-"
                + (machine.matches("amd64|x86_64") ? "x64" : machine.equals("arm64") ? "aarch64" : machine);
        var found = new LinkedHashMap<String, URL>();
        for (String name : NAMES) {
            String file = System.mapLibraryName(name);
            URL resource = OrtEnvironment.class.getResource("/ai/onnxruntime/native/" + folder + "/" + file);
            if (resource == null) {
                return Map.of();
            }
            found.put(file, resource);
        }
        return found;
    }
}
