package dev.augur.feature.csv;

/** Finds the row of an entity key: a hash index over unboxed keys. Filled by one thread, then read by any. */
interface Keys {
    int NONE = -1;

    /** The row of this key, or {@link #NONE}. */
    int row(Object key);

    /** Adds the key of the next row; gives the row that has the same key already, or {@link #NONE}. */
    int add(String cell);

    /** How many rows there are. */
    int count();

    /** The key of the first row. */
    Object first();

    long bytes();
}
