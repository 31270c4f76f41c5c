package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The lines of one group, one behind the other in one array, each with its line feed. One thread. */
final class GroupLines {
    private final ChainWriter chain;
    private final byte[] bytes;
    private final List<ByteBuffer> lines;
    private int length;

    /** Has room for these. */
    GroupLines(ChainWriter chain, List<LedgerEntry> entries) {
        this.chain = chain;
        long most = 0;
        for (LedgerEntry entry : entries) {
            most += chain.most(entry) + 1;
        }
        this.bytes = new byte[Math.toIntExact(most)];
        this.lines = new ArrayList<>(entries.size());
    }

    /** The next line of the chain is this entry's. */
    void add(LedgerEntry entry) {
        int end = chain.next(entry, bytes, length);
        lines.add(ByteBuffer.wrap(bytes, length, end - length));
        bytes[end] = '\n';
        length = end + 1;
    }

    void addTo(SegmentFile segment) throws IOException {
        segment.add(bytes, length);
    }

    /** Each without its line feed. */
    List<ByteBuffer> all() {
        return lines;
    }
}
