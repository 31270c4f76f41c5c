package dev.augur.feature.csv;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a file in UTF-8, as RFC 4180 says: commas, cells in double quotes where they hold commas, quotes or line ends. The first
 * row names the columns; every other one has as many cells. Empty lines are passed over, and so is a byte order mark. One thread.
 */
final class CsvLines {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private CsvLines() {}

    /** Who takes the rows. */
    interface Rows {
        void header(List<String> names) throws CsvException;

        void row(CsvRecord row) throws CsvException;
    }

    static void read(Path file, Rows rows) throws IOException, CsvException {
        try (InputStream in = Files.newInputStream(file);
                QuoteCount text = new QuoteCount(text(in));
                CsvReader<CsvRecord> csv = CsvReader.builder()
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
                throw new CsvException("not UTF-8 text");
            }
            throw e.getCause();
        } catch (CharacterCodingException e) {
            throw new CsvException("not UTF-8 text");
        }
    }

    private static Reader text(InputStream in) throws IOException {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var text = new PushbackReader(new InputStreamReader(in, decoder));
        int first = text.read();
        if (first != -1 && first != BYTE_ORDER_MARK) {
            text.unread(first);
        }
        return text;
    }

    private static void read(CsvReader<CsvRecord> csv, Rows rows) throws CsvException {
        List<String> names = null;
        for (CsvRecord row : csv) {
            if (names == null) {
                names = header(row);
                rows.header(names);
            } else if (row.getFieldCount() == names.size()) {
                rows.row(row);
            } else {
                throw CsvException.at(
                        row.getStartingLineNumber(),
                        row.getFieldCount() + " cells where the header names " + names.size() + " columns");
            }
        }
        if (names == null) {
            throw new CsvException("the file is empty");
        }
    }

    private static List<String> header(CsvRecord row) throws CsvException {
        var seen = new HashSet<@Nullable String>();
        for (String name : row.getFields()) {
            if (name.isBlank()) {
                throw CsvException.at(row.getStartingLineNumber(), "a column without a name");
            }
            if (!seen.add(name)) {
                throw CsvException.at(row.getStartingLineNumber(), "two columns are named \"" + name + "\"");
            }
        }
        return List.copyOf(row.getFields());
    }
}
