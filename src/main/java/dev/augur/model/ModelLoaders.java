package dev.augur.model;

import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The loader of whatever lies in a version's folder: a {@code model.jar} brings its own {@link ModelLoader}, anything
 * else goes to the first loader on the class path that accepts it. Called on a worker thread; blocks.
 */
public final class ModelLoaders implements ModelLoader {
    private static final String JAR = "model.jar";

    private final List<ModelLoader> onClassPath;

    private ModelLoaders(List<ModelLoader> onClassPath) {
        this.onClassPath = List.copyOf(onClassPath);
    }

    /** The loaders of the class path. */
    public static ModelLoaders ofClassPath() {
        var found = ServiceLoader.load(ModelLoader.class, ModelLoaders.class.getClassLoader());
        return new ModelLoaders(
                StreamSupport.stream(found.spliterator(), /* parallel= */ false).toList());
    }

    @Override
    public boolean accepts(ModelSource source) {
        return Files.isRegularFile(source.directory().resolve(JAR))
                || first(onClassPath, source).isPresent();
    }

    @Override
    public Model load(ModelSource source) throws ModelLoadException {
        Path jar = source.directory().resolve(JAR);
        if (Files.isRegularFile(jar)) {
            return fromJar(source, jar);
        }
        var loader = first(onClassPath, source)
                .orElseThrow(
                        () -> new ModelLoadException("there is neither a model.onnx nor a " + JAR + " in its folder"));
        return loader.load(source);
    }

    private static Model fromJar(ModelSource source, Path jar) throws ModelLoadException {
        JarLoader classes = null;
        try {
            classes = new JarLoader(jar);
            var loaders = ServiceLoader.load(ModelLoader.class, classes).stream()
                    .filter(provider -> provider.type().getClassLoader() instanceof JarLoader)
                    .map(ServiceLoader.Provider::get)
                    .toList();
            var loader = first(loaders, source)
                    .orElseThrow(() -> new ModelLoadException(JAR + " names no " + ModelLoader.class.getName()
                            + " in META-INF/services that accepts this folder"));
            return new JarModel(loader.load(source), classes);
        } catch (IOException | ServiceConfigurationError | LinkageError e) {
            close(classes);
            throw new ModelLoadException(JAR + " cannot be used: " + e.getMessage(), e);
        } catch (ModelLoadException | RuntimeException e) {
            close(classes);
            throw e;
        }
    }

    private static Optional<ModelLoader> first(List<ModelLoader> loaders, ModelSource source) {
        return loaders.stream().filter(loader -> loader.accepts(source)).findFirst();
    }

    private static void close(@Nullable JarLoader classes) throws ModelLoadException {
        try {
            if (classes != null) {
                classes.close();
            }
        } catch (IOException e) {
            throw new ModelLoadException(JAR + " does not close", e);
        }
    }

    /** The classes of one model's jar. */
    private static final class JarLoader extends URLClassLoader {
        JarLoader(Path jar) throws IOException {
            super(new URL[] {jar.toUri().toURL()}, ModelLoaders.class.getClassLoader());
        }
    }

    /** A model together with the classes it needs. */
    private record JarModel(Model model, JarLoader classes) implements Model {
        @Override
        public ModelMetadata metadata() {
            return model.metadata();
        }

        @Override
        public RowIndependence rowIndependence() {
            return model.rowIndependence();
        }

        @Override
        public List<Tensor> predict(List<Tensor> inputs, List<String> outputs, Run run) {
            return model.predict(inputs, outputs, run);
        }

        @Override
        public void close() {
            try (classes) {
                model.close();
            } catch (IOException e) {
                throw new UncheckedIOException(JAR + " does not close", e);
            }
        }
    }
}
