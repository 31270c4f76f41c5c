package dev.augur.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The models on disk, laid out as Triton and KServe do: {@code <root>/<name>/<version>/model.onnx}, where a version is a positive
 * integer. Called on a worker thread; blocks.
 */
public final class ModelRepository {
    /** What a version's folder is called. */
    public static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    private static final int MAX_DEPTH = 8;
    private static final int MAX_FILES = 10_000;

    private final Path root;

    public ModelRepository(Path root) {
        this.root = root;
    }

    /** Whether there is a repository at all. */
    public boolean exists() {
        return Files.exists(root);
    }

    /**
     * The names of the models. Folders without any version folder are not models; a root that does not exist has no models.
     *
     * @throws IOException if the root is no folder or cannot be read
     */
    public List<String> names() throws IOException {
        if (!Files.exists(root)) {
            return List.of();
        }
        return folders(root).stream()
                .map(ModelRepository::nameOf)
                .filter(name -> !versions(name).isEmpty())
                .sorted()
                .toList();
    }

    /** The versions of a model, ascending; none for one that is not there. */
    public List<String> versions(String name) {
        var directory = root.resolve(name);
        if (!nameOf(directory).equals(name) || !Files.isDirectory(directory)) {
            return List.of();
        }
        try {
            return folders(directory).stream()
                    .map(ModelRepository::nameOf)
                    .filter(version -> VERSION.matcher(version).matches())
                    .sorted(Comparator.comparingLong(Long::parseLong))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of one version, whether or not it is there. */
    public Path directory(String name, String version) {
        return root.resolve(name).resolve(version);
    }

    /**
     * What lies in a model's folder at this moment: names, sizes and times of all its files. It changes with every byte that is copied
     * into the folder.
     */
    public String fingerprint(String name) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(name), MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(Files::isRegularFile)
                    .limit(MAX_FILES)
                    .sorted()
                    .map(ModelRepository::stamp)
                    .collect(Collectors.joining("\n"));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String stamp(Path file) {
        try {
            return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return file + " gone"; // between the listing and here
        }
    }

    private static List<Path> folders(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> !nameOf(entry).startsWith("."))
                    .toList();
        }
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }
}
