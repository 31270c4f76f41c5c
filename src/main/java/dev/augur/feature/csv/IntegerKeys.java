package dev.augur.feature.csv;

/** Keys that are whole numbers. A text is the number it writes. Filled by one thread, then read by any. */
final class IntegerKeys implements Keys {
    private final long[] keys;
    private final Slots slots;
    private int rows;

    IntegerKeys(int rows) {
        this.keys = new long[rows];
        this.slots = new Slots(rows);
    }

    @Override
    public int row(Object key) {
        if (key instanceof String text) {
            return !text.isEmpty() && Cell.of(text) == Cell.INTEGER ? row(Long.parseLong(text)) : NONE;
        }
        return key instanceof Long number ? row(number.longValue()) : NONE;
    }

    private int row(long key) {
        return slots.find(key, row -> keys[row] == key);
    }

    @Override
    public int add(String cell) {
        long key = KeyScan.number(cell).orElseThrow(NumberFormatException::new);
        keys[rows] = key;
        return slots.put(key, row -> keys[row] == key, rows++);
    }

    @Override
    public int count() {
        return rows;
    }

    @Override
    public Object first() {
        return keys[0];
    }

    @Override
    public long bytes() {
        return Bytes.of(keys) + slots.bytes();
    }
}
