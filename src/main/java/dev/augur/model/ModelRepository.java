package dev.augur.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The models on disk, laid out as Triton and KServe do: {@code <root>/<name>/<version>/model.onnx}, where a version is
 * a positive integer. What looks like a model and is not laid out so is refused by name. Called on a worker thread;
 * blocks.
 */
public final class ModelRepository {
    /** What a version's folder is called. */
    public static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    private static final Pattern LIKE_A_VERSION = Pattern.compile("[vV]?[0-9].*");
    private static final List<String> FILES = List.of("model.onnx", "model.jar");
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
     * The names of the folders of models, also of those that hold none that can be served.
     *
     * @throws IOException if the root is no folder or cannot be read
     */
    public List<String> names() throws IOException {
        if (!Files.exists(root)) {
            return List.of();
        }
        return folders(root).stream().map(FileNames::of).distinct().sorted().toList();
    }

    /** The versions of a model, ascending; none for one that is not there or refused. */
    public List<String> versions(String name) {
        var directory = find(root, name);
        if (directory.isEmpty() || FileNames.fault(directory.get()).isPresent()) {
            return List.of();
        }
        try {
            return folders(directory.get()).stream()
                    .map(FileNames::of)
                    .filter(version -> VERSION.matcher(version).matches())
                    .sorted(Comparator.comparingLong(Long::parseLong))
                    .toList();
        } catch (IOException e) {
            return List.of(); // see refused()
        }
    }

    /**
     * What of a model's folder is not served, and why: by the names of the folders of versions; an empty name is the
     * model's own.
     */
    public Map<String, String> refused(String name) {
        var directory = find(root, name);
        if (directory.isEmpty()) {
            return Map.of();
        }
        var fault = FileNames.fault(directory.get());
        if (fault.isPresent()) {
            return Map.of("", fault.get());
        }
        var refused = new TreeMap<String, String>();
        try {
            for (Path folder : folders(directory.get())) {
                String version = FileNames.of(folder);
                if (!VERSION.matcher(version).matches() && looksLikeVersion(folder, version)) {
                    refused.put(version, "\"" + version + "\" is no version: call the folder " + proposed(version));
                }
            }
            if (refused.isEmpty() && versions(name).isEmpty()) {
                refused.put("", noVersion(directory.get(), name));
            }
        } catch (IOException e) {
            refused.put("", "its folder cannot be read: " + e.getClass().getSimpleName());
        }
        return refused;
    }

    /** The folder of one version, whether or not it is there. */
    public Path directory(String name, String version) {
        return find(root, name).orElseGet(() -> root.resolve(name)).resolve(version);
    }

    /**
     * What lies in a model's folder at this moment: names, sizes and times of all its files, and where they really are.
     * It changes with every byte that is copied into the folder, and when a link is turned to another file.
     */
    public String fingerprint(String name) {
        var directory = find(root, name);
        if (directory.isEmpty()) {
            return "";
        }
        try (Stream<Path> files = Files.walk(directory.get(), MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            return files.limit(MAX_FILES).sorted().map(ModelRepository::stamp).collect(Collectors.joining("\n"));
        } catch (IOException | UncheckedIOException e) {
            return "unreadable: " + e.getMessage();
        }
    }

    /** What the files of one version take on disk. */
    public long fileBytes(String name, String version) {
        try (Stream<Path> files = Files.walk(directory(name, version), MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            return files.limit(MAX_FILES)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // not there, which loading it tells
        }
    }

    private static String stamp(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isDirectory()
                    ? String.valueOf(file)
                    : file.toRealPath() + " " + attributes.fileKey() + " " + attributes.size() + " "
                            + attributes.lastModifiedTime();
        } catch (IOException e) {
            return file + " gone"; // between the listing and here, or a link to nowhere
        }
    }

    private static boolean looksLikeVersion(Path folder, String version) {
        return LIKE_A_VERSION.matcher(version).matches() || holdsModel(folder);
    }

    private static boolean holdsModel(Path folder) {
        return FILES.stream().anyMatch(file -> Files.exists(folder.resolve(file)));
    }

    /** The number in what was meant as a version. */
    private static String proposed(String version) {
        String number = version.replaceFirst("^[vV]?0*", "").replaceFirst("[^0-9].*", "");
        return VERSION.matcher(number).matches() ? number : "1, or another whole number above 0";
    }

    private static String noVersion(Path directory, String name) {
        String expected = "expected " + name + "/1/model.onnx";
        return holdsModel(directory)
                ? "its file lies in no version's folder: move it, " + expected
                : "it has no version's folder: " + expected;
    }

    /** The folder of that name; never outside the one it is looked for in. */
    private static Optional<Path> find(Path within, String name) {
        try {
            return folders(within).stream()
                    .filter(folder -> FileNames.of(folder).equals(name))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<Path> folders(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> !FileNames.of(entry).startsWith("."))
                    .toList();
        }
    }
}
