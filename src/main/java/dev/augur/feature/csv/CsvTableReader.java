package dev.augur.feature.csv;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Reads a file twice: once to find the types and to count, once to fill arrays of exactly that size. A text keeps its
 * spelling that way, and nothing is copied from one array into a larger one. Called on a worker thread.
 */
final class CsvTableReader {
    private final CsvConfig config;
    private final CsvNotes notes = new CsvNotes();
    private final KeyScan keyScan;
    private final List<ColumnScan> scans = new ArrayList<>();
    private List<String> names = List.of();
    private int keyColumn;

    private CsvTableReader(CsvConfig config) {
        this.config = config;
        this.keyScan = new KeyScan(config.format().missing());
    }

    static CsvTable read(CsvConfig config) throws IOException, CsvException {
        var reader = new CsvTableReader(config);
        CsvLines.read(config, reader.new Scan());
        var fill = reader.new Fill();
        CsvLines.read(config, fill);
        return fill.table();
    }

    private void limit(long bytes) throws CsvException {
        if (bytes > config.memoryBytes()) {
            throw new CsvException(
                    keyScan.rows() + " rows need more than the " + config.memoryBytes() + " bytes allowed");
        }
    }

    /** Whether a column holds a feature. */
    private boolean isFeature(int column) {
        return column != keyColumn && !names.get(column).isEmpty();
    }

    /** The first time. */
    private final class Scan implements CsvLines.Rows {
        @Override
        public void header(List<String> header) throws CsvException {
            names = header;
            keyColumn = header.indexOf(config.keyColumn());
            if (keyColumn == -1) {
                throw new CsvException("no column is named \"" + config.keyColumn() + "\", which is to hold the keys"
                        + CsvNotes.delimiterOf(header));
            }
            for (int i = 0; i < header.size(); i++) {
                scans.add(new ColumnScan(header.get(i), config.format().missing()));
                if (header.get(i).isEmpty()) {
                    notes.unnamed(i + 1);
                }
            }
        }

        @Override
        public void row(CsvRecord row) throws CsvException {
            keyScan.cell(row.getField(keyColumn));
            for (int i = 0; i < scans.size(); i++) {
                if (isFeature(i)) {
                    scans.get(i).cell(row.getField(i), row.getStartingLineNumber());
                }
            }
            limit(Math.max(keyScan.bytes(), keyScan.rows() * 4L * names.size()));
        }

        @Override
        public void ragged(String what) {
            notes.ragged(what);
        }
    }

    /** The second time. */
    private final class Fill implements CsvLines.Rows {
        private static final int ROWS_BETWEEN_CHECKS = 10_000;

        private final int rows = keyScan.rows();
        private final Keys keys;
        private final List<Column> columns = new ArrayList<>();
        private final List<ColumnScan> features = new ArrayList<>();
        private final BitSet ambiguous = new BitSet();
        private final long[] lines = new long[rows];
        private int filled;

        private Fill() throws CsvException {
            if (rows == 0) {
                throw new CsvException(notes.firstRagged().orElse("a header and no rows"));
            }
            if (keyScan.bytes() > Integer.MAX_VALUE - 16) {
                throw new CsvException("the keys take more than 2 GiB");
            }
            keys = keyScan.numbers() ? new IntegerKeys(rows) : new TextKeys(rows, (int) keyScan.bytes());
            for (int i = 0; i < names.size(); i++) {
                if (isFeature(i)) {
                    var scan = scans.get(i);
                    features.add(scan);
                    columns.add(Column.of(scan.type(), rows, scan.gaps()));
                    scan.note().ifPresent(notes::of);
                }
            }
        }

        @Override
        public void header(List<String> header) throws CsvException {
            if (!header.equals(names)) {
                throw changed();
            }
        }

        @Override
        public void row(CsvRecord row) throws CsvException {
            if (keyScan.isMissing(row.getField(keyColumn))) {
                notes.withoutKey(row.getStartingLineNumber());
                return;
            }
            if (filled == rows) {
                throw changed();
            }
            lines[filled] = row.getStartingLineNumber();
            try {
                key(row);
                cells(row);
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                throw changed();
            }
            filled++;
            if (filled % ROWS_BETWEEN_CHECKS == 0) {
                limit(CsvTable.bytes(keys, columns));
            }
        }

        /** A key that stands in two rows is the fault of its entity. */
        private void key(CsvRecord row) {
            int twin = keys.add(row.getField(keyColumn).strip());
            if (twin != Keys.NONE) {
                ambiguous.set(twin);
                notes.twin(lines[twin], row.getStartingLineNumber());
            }
        }

        private void cells(CsvRecord row) {
            int column = 0;
            for (int i = 0; i < names.size(); i++) {
                if (isFeature(i)) {
                    var cell = row.getField(i);
                    if (!features.get(column).isGap(cell)) {
                        columns.get(column).fill(filled, cell);
                    }
                    column++;
                }
            }
        }

        private CsvTable table() throws CsvException {
            if (filled != rows) {
                throw changed();
            }
            columns.forEach(Column::filled);
            limit(CsvTable.bytes(keys, columns));
            return new CsvTable(keys, features, columns, ambiguous, notes.all());
        }

        private static CsvException changed() {
            return new CsvException("the file changed while it was read");
        }
    }
}
