package dev.augur.feature.csv;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Texts, each different one kept once; a row holds its number, counted from 1, or 0. Filled by one thread, then read by
 * any.
 */
final class TextColumn implements Column {
    private final int[] codes;
    private final Map<String, Integer> numbers = new HashMap<>();
    private List<String> dictionary = new ArrayList<>();
    private long textBytes;

    TextColumn(int rows) {
        this.codes = new int[rows];
    }

    @Override
    public @Nullable Object value(int row) {
        return codes[row] == 0 ? null : dictionary.get(codes[row] - 1);
    }

    @Override
    public void fill(int row, String cell) {
        codes[row] = numbers.computeIfAbsent(cell, this::add);
    }

    private int add(String text) {
        dictionary.add(text);
        textBytes += Bytes.of(text);
        return dictionary.size();
    }

    @Override
    public void filled() {
        numbers.clear();
        dictionary = List.copyOf(dictionary);
    }

    @Override
    public long bytes() {
        return Bytes.of(codes) + textBytes + 4L * dictionary.size();
    }
}
