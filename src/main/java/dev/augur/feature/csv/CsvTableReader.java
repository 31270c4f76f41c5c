package dev.augur.feature.csv;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a file twice: once to find the types and to count, once to fill arrays of exactly that size. A text keeps its spelling that
 * way, and nothing is copied from one array into a larger one. Called on a worker thread.
 */
final class CsvTableReader {
    private final CsvConfig config;
    private final List<ColumnScan> scans = new ArrayList<>();
    private List<String> names = List.of();
    private int keyColumn;
    private int rows;
    private long keyBytes;

    private CsvTableReader(CsvConfig config) {
        this.config = config;
    }

    static CsvTable read(CsvConfig config) throws IOException, CsvException {
        var reader = new CsvTableReader(config);
        CsvLines.read(config.path(), reader.new Scan());
        var fill = reader.new Fill();
        CsvLines.read(config.path(), fill);
        return fill.table();
    }

    private void limit(long bytes) throws CsvException {
        if (bytes > config.memoryBytes()) {
            throw new CsvException(rows + " rows need more than the " + config.memoryBytes() + " bytes allowed");
        }
    }

    /** The first time. */
    private final class Scan implements CsvLines.Rows {
        @Override
        public void header(List<String> header) throws CsvException {
            names = header;
            keyColumn = header.indexOf(config.keyColumn());
            if (keyColumn == -1) {
                throw new CsvException("no column is named \"" + config.keyColumn() + "\", which is to hold the keys");
            }
            header.forEach(name -> scans.add(new ColumnScan(name)));
        }

        @Override
        public void row(CsvRecord row) throws CsvException {
            var key = row.getField(keyColumn);
            if (key.isEmpty()) {
                throw CsvException.at(row.getStartingLineNumber(), config.keyColumn(), "no key");
            }
            for (int i = 0; i < scans.size(); i++) {
                scans.get(i).cell(row.getField(i), row.getStartingLineNumber());
            }
            rows++;
            keyBytes += utf8Length(key);
            limit(Math.max(keyBytes, rows * 4L * names.size()));
        }

        private static int utf8Length(String text) {
            int length = text.length();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                length += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
            return length;
        }
    }

    /** The second time. */
    private final class Fill implements CsvLines.Rows {
        private static final int ROWS_BETWEEN_CHECKS = 10_000;

        private final Keys keys;
        private final List<Column> columns = new ArrayList<>();
        private final List<String> features = new ArrayList<>();
        private final long[] lines = new long[rows];
        private int filled;

        private Fill() throws CsvException {
            if (rows == 0) {
                throw new CsvException("a header and no rows");
            }
            if (keyBytes > Integer.MAX_VALUE - 16) {
                throw new CsvException("the keys take more than 2 GiB");
            }
            boolean numbers = scans.get(keyColumn).keyType() == Cell.INTEGER;
            keys = numbers ? new IntegerKeys(rows) : new TextKeys(rows, (int) keyBytes);
            for (int i = 0; i < names.size(); i++) {
                if (i != keyColumn) {
                    features.add(names.get(i));
                    columns.add(
                            Column.of(scans.get(i).type(), rows, scans.get(i).gaps()));
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

        private void key(CsvRecord row) throws CsvException {
            int twin = keys.add(row.getField(keyColumn));
            if (twin != Keys.NONE) {
                throw CsvException.at(
                        row.getStartingLineNumber(), config.keyColumn(), "the same key as in line " + lines[twin]);
            }
        }

        private void cells(CsvRecord row) {
            int column = 0;
            for (int i = 0; i < names.size(); i++) {
                if (i != keyColumn) {
                    var cell = row.getField(i);
                    if (!cell.isEmpty()) {
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
            return new CsvTable(keys, features, columns, rows);
        }

        private static CsvException changed() {
            return new CsvException("the file changed while it was read");
        }
    }
}
