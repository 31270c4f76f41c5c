package dev.augur.setting;

import java.util.List;
import java.util.ServiceLoader;

/**
 * What can be plugged in: classes that a line in {@code META-INF/services} names. The server's own kinds of things are
 * found in the same way. Thread-safe.
 */
public final class Plugins {
    private Plugins() {}

    /** One of each class on the class path, in its order. */
    public static <T> List<T> ofClassPath(Class<T> type) {
        return of(type, Plugins.class.getClassLoader());
    }

    /** The same for another set of classes. */
    public static <T> List<T> of(Class<T> type, ClassLoader classes) {
        return ServiceLoader.load(type, classes).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }
}
