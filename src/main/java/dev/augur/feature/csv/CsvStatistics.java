package dev.augur.feature.csv;

/**
 * A CSV store at one moment. Thread-safe.
 *
 * @param rows of the table that is served; 0 before the first
 * @param bytes memory of the table that is served
 * @param loads files read since the start
 * @param failures files that could not be served since the start, each change counted once
 */
public record CsvStatistics(int rows, long bytes, long loads, long failures) {}
