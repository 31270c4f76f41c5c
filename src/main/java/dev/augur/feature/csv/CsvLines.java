package dev.augur.feature.csv;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file in UTF-8, or in UTF-16 where a byte order mark says so, as RFC 4180 says: a delimiter, cells in
 * double quotes where they hold it, quotes or line ends. The first row names the columns, some of which may have no
 * name. Empty lines are passed over. One thread.
 */
final class CsvLines {
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}; // a byte order mark in UTF-8

    private CsvLines() {}

    /** Who takes the rows. */
    interface Rows {
        void header(List<String> names) throws CsvException;

        /** One that has a cell for each column. */
        void row(CsvRecord row) throws CsvException;

        /** What is wrong with one that has not. */
        default void ragged(String what) {}
    }

    static void read(CsvConfig config, Rows rows) throws IOException, CsvException {
        try (InputStream in = Files.newInputStream(config.path());
                QuoteCount text = new QuoteCount(text(in));
                CsvReader<CsvRecord> csv = CsvReader.builder()
                        .fieldSeparator(config.format().delimiter())
                        .allowMissingFields(true)
                        .allowExtraFields(true)
                        .ofCsvRecord(text)) {
            read(csv, rows);
            if (text.odd()) {
                throw new CsvException("not a CSV file: a quote is not closed");
            }
        } catch (CsvParseException e) {
            throw new CsvException("not a CSV file: " + e.getMessage());
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw notText();
            }
            throw e.getCause();
        } catch (CharacterCodingException e) {
            throw notText();
        }
    }

    private static CsvException notText() {
        return new CsvException("not UTF-8 text");
    }

    private static Reader text(InputStream file) throws IOException {
        var in = new PushbackInputStream(file, MARK.length);
        byte[] first = in.readNBytes(MARK.length);
        if (!Arrays.equals(first, MARK)) {
            in.unread(first);
        }
        return new InputStreamReader(
                in,
                charset(first)
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    /**
     * Spreadsheets write UTF-16, with a byte order mark, where one asks them for Unicode; its decoder passes over the
     * mark.
     */
    private static Charset charset(byte[] first) {
        char mark = first.length < 2 ? 0 : ByteBuffer.wrap(first).getChar();
        return mark == '\uFEFF' || mark == '\uFFFE' ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    }

    private static void read(CsvReader<CsvRecord> csv, Rows rows) throws CsvException {
        List<String> names = null;
        String cut = null;
        for (CsvRecord row : csv) {
            cut = null;
            if (names == null) {
                names = header(row);
                rows.header(names);
            } else if (row.getFieldCount() == names.size()) {
                rows.row(row);
            } else {
                var what = "line " + row.getStartingLineNumber() + ": " + row.getFieldCount()
                        + " cells where the header names " + names.size() + " columns";
                rows.ragged(what);
                cut = row.getFieldCount() < names.size() ? what : null;
            }
        }
        if (cut != null) {
            throw new CsvException(cut); // the last row is short: the file is not whole
        }
        if (names == null) {
            throw new CsvException("the file is empty");
        }
    }

    private static List<String> header(CsvRecord row) throws CsvException {
        var seen = new HashSet<@Nullable String>();
        for (String name : row.getFields()) {
            if (!name.isBlank() && !seen.add(name.strip())) {
                throw CsvException.at(row.getStartingLineNumber(), "two columns are named \"" + name + "\"");
            }
        }
        return row.getFields().stream().map(String::strip).toList();
    }
}
