package dev.augur.feature.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an operator should know about a file that is served all the same. One thread. */
final class CsvNotes {
    private static final int MOST = 20;

    private final List<String> notes = new ArrayList<>();
    private long withoutKey;
    private long firstWithoutKey;
    private long twins;
    private String firstTwins = "";
    private long ragged;
    private String firstRagged = "";

    void of(String note) {
        if (notes.size() < MOST) {
            notes.add(note);
        }
    }

    void unnamed(int column) {
        of("column " + column + " has no name and is passed over");
    }

    void withoutKey(long line) {
        firstWithoutKey = withoutKey == 0 ? line : firstWithoutKey;
        withoutKey++;
    }

    void twin(long first, long second) {
        firstTwins = twins == 0 ? "lines " + first + " and " + second : firstTwins;
        twins++;
    }

    void ragged(String what) {
        firstRagged = ragged == 0 ? what : firstRagged;
        ragged++;
    }

    /** What is wrong with the first row that has another number of cells than the header; empty if none has. */
    Optional<String> firstRagged() {
        return Optional.of(firstRagged).filter(text -> !text.isEmpty());
    }

    List<String> all() {
        var all = new ArrayList<>(notes);
        if (withoutKey > 0) {
            all.add(withoutKey + " rows have no key and are passed over, the first in line " + firstWithoutKey);
        }
        if (ragged > 0) {
            all.add(ragged + " rows do not fit the header and are passed over, the first is " + firstRagged);
        }
        if (twins > 0) {
            all.add(twins + " rows have the key of another one, the first in " + firstTwins
                    + ": these entities cannot be used");
        }
        return all;
    }

    /** A hint where the header looks as if its names were not told apart. */
    static String delimiterOf(List<String> header) {
        boolean semicolons = header.size() == 1 && header.get(0).indexOf(';') >= 0;
        boolean tabs = header.size() == 1 && header.get(0).indexOf('\t') >= 0;
        return semicolons || tabs ? "; is the delimiter \"" + (semicolons ? ";" : "tab") + "\"?" : "";
    }
}
