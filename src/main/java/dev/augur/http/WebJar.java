package dev.augur.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A library for browsers that is a jar on the class path. Immutable, thread-safe.
 *
 * @param artifact its name
 * @param folder where its files are
 */
record WebJar(String artifact, String folder) {
    /** The one of that group and name, in the version that is there. */
    static WebJar of(String group, String artifact) {
        String place = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        var properties = new Properties();
        try (var file = WebJar.class.getResourceAsStream(place)) {
            if (file == null) {
                throw new IllegalArgumentException(
                        "the library " + group + ":" + artifact + " is not on the class path");
            }
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(place, e);
        }
        return new WebJar(
                artifact, "/META-INF/resources/webjars/" + artifact + "/" + properties.getProperty("version"));
    }

    /** Files of it by their paths in there, each under the name {@code artifact/path}. */
    List<BundledFile> files(String... paths) {
        return Stream.of(paths)
                .map(path -> new BundledFile(artifact + "/" + path, folder + "/" + path))
                .toList();
    }
}
