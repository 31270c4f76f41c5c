package dev.augur.feature.csv;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Passes text on and counts its quotes: RFC 4180 leaves an even number, a file that ends inside a quoted cell an odd
 * one. One thread.
 */
final class QuoteCount extends FilterReader {
    private long quotes;

    QuoteCount(Reader in) {
        super(in);
    }

    boolean odd() {
        return quotes % 2 == 1;
    }

    @Override
    public int read() throws IOException {
        int c = super.read();
        quotes += c == '"' ? 1 : 0;
        return c;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        for (int i = offset; i < offset + count; i++) {
            quotes += buffer[i] == '"' ? 1 : 0;
        }
        return count;
    }
}
