package dev.augur.model;

import java.nio.file.Path;

/**
 * One version of a model on disk: {@code <repository>/<name>/<version>/}. Thread-safe.
 *
 * @param threads how many threads one run of the model may use, at least 1
 */
public record ModelSource(String name, String version, Path directory, int threads) {}
