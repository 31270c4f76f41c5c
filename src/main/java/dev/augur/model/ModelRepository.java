package dev.augur.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The models on disk, laid out as Triton and KServe do: {@code <root>/<name>/<version>/model.onnx}, where a version is a positive
 * integer. Called on a worker thread; blocks.
 */
public final class ModelRepository {
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    private final Path root;

    public ModelRepository(Path root) {
        this.root = root;
    }

    /** Whether there is a repository at all. */
    public boolean exists() {
        return Files.exists(root);
    }

    /**
     * The newest version of every model, by name. Folders without any version folder are not models; a root that does not exist
     * has no models.
     *
     * @throws IOException if the root is no folder or cannot be read
     */
    public List<ModelSource> latest() throws IOException {
        if (!Files.exists(root)) {
            return List.of();
        }
        var sources = new ArrayList<ModelSource>();
        for (Path directory : folders(root)) {
            newestVersion(directory).ifPresent(sources::add);
        }
        sources.sort(Comparator.comparing(ModelSource::name));
        return sources;
    }

    private static Optional<ModelSource> newestVersion(Path directory) throws IOException {
        return folders(directory).stream()
                .filter(folder -> VERSION.matcher(nameOf(folder)).matches())
                .max(Comparator.comparingLong(folder -> Long.parseLong(nameOf(folder))))
                .map(folder -> new ModelSource(nameOf(directory), nameOf(folder), folder));
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
