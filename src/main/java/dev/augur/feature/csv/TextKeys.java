package dev.augur.feature.csv;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keys that are texts, one behind the other in UTF-8. A number is the text that writes it. Filled by one thread, then
 * read by any.
 */
final class TextKeys implements Keys {
    private final byte[] texts;
    private final int[] ends;
    private final Slots slots;
    private int rows;
    private int longest;

    TextKeys(int rows, int bytes) {
        this.texts = new byte[bytes];
        this.ends = new int[rows];
        this.slots = new Slots(rows);
    }

    @Override
    public int row(Object key) {
        String text = key.toString();
        if (text.length() > longest) {
            return NONE;
        }
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return slots.find(Arrays.hashCode(bytes), row -> is(row, bytes));
    }

    @Override
    public int add(String cell) {
        var bytes = cell.getBytes(StandardCharsets.UTF_8);
        longest = Math.max(longest, bytes.length);
        System.arraycopy(bytes, 0, texts, start(rows), bytes.length);
        ends[rows] = start(rows) + bytes.length;
        return slots.put(Arrays.hashCode(bytes), row -> is(row, bytes), rows++);
    }

    @Override
    public int count() {
        return rows;
    }

    @Override
    public Object first() {
        return new String(texts, 0, ends[0], StandardCharsets.UTF_8);
    }

    @Override
    public long bytes() {
        return Bytes.of(texts) + Bytes.of(ends) + slots.bytes();
    }

    private int start(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }

    private boolean is(int row, byte[] key) {
        return Arrays.equals(texts, start(row), ends[row], key, 0, key.length);
    }
}
