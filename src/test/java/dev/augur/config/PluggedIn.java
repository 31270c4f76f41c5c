package dev.augur.config;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/** A class path with one line more in {@code META-INF/services}. */
final class PluggedIn {
    private PluggedIn() {}

    static <T> ClassLoader classes(Path folder, Class<T> type, Class<? extends T> plugin) throws IOException {
        var services = Files.createDirectories(folder.resolve("META-INF").resolve("services"));
        Files.writeString(services.resolve(type.getName()), plugin.getName() + "\n");
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, PluggedIn.class.getClassLoader());
    }
}
