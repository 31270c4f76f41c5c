package dev.augur.model;

import java.nio.file.Path;

/** One version of a model on disk: {@code <repository>/<name>/<version>/}. Thread-safe. */
public record ModelSource(String name, String version, Path directory) {}
