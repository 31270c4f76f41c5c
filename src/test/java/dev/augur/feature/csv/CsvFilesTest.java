package dev.augur.feature.csv;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.feature.FeatureStore.Form;
import dev.augur.feature.FeatureVector;
import dev.augur.feature.Unusable;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Files as pandas, R, databases and spreadsheets write them. */
@ExtendWith(VertxExtension.class)
class CsvFilesTest {
    private static final Duration NEVER = Duration.ofDays(1);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Vertx vertx;
    private WorkerPool workers;

    @TempDir
    private Path folder;

    @BeforeEach
    void start(Vertx vertx) {
        this.vertx = vertx;
        workers = new WorkerPool(vertx, "files", 2, 100);
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void stop() {
        logger().detachAppender(log);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NA", "NaN", "nan", "NULL", "null", "None", "-", "N/A", "#N/A", "<NA>", "", " ", "."})
    void wordsForWhatIsMissingLeaveAColumnOfNumbersOne(String word) throws Exception {
        var store = store("id,x,n,on", "1,1.5,7,True", "2," + word + "," + word + "," + word);
        assertThat(values(store, 1L)).isEqualTo(Map.of("x", 1.5, "n", 7L, "on", true));
        assertThat(values(store, 2L)).isEmpty();
    }

    @Test
    void inAColumnOfTextsTheyAreTexts() throws Exception {
        var store = store("id,country", "1,DE", "2,NA", "3,");
        assertThat(values(store, 2L)).isEqualTo(Map.of("country", "NA"));
        assertThat(values(store, 3L)).isEmpty();
    }

    @Test
    void oneBadCellConcernsItsRow() throws Exception {
        var store = store("id,x,y", "1,1.5,2", "2,oops,inf", "3,NA,1e999", "4,2,4");
        assertThat(values(store, 1L)).isEqualTo(Map.of("x", "1.5", "y", 2.0));
        assertThat(values(store, 2L)).isEqualTo(Map.of("x", "oops", "y", Double.POSITIVE_INFINITY));
        assertThat(values(store, 3L)).isEqualTo(Map.of("y", Double.POSITIVE_INFINITY));
        assertThat(store.unfit("x", Form.NUMBER)).isEmpty();
        assertThat(said()).containsExactly("line 3, column \"x\": \"oops\" is no number, as 1 cells of the column are");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "red;blue     | NUMBER | line 2, column \"x\": \"red\" is no number",
                "NA;red       | NUMBER | line 3, column \"x\": \"red\" is no number",
                "1,5;2,5      | NUMBER | line 2, column \"x\": \"1,5\" is no number",
                "NA;          | NUMBER | column \"x\" has no value in any row",
                "1.5;2        | TEXT   | line 2, column \"x\": \"1.5\" is no text",
                "NA;true      | TEXT   | line 3, column \"x\": \"true\" is no text",
                "1;red        | NUMBER |",
                "1;2          | TEXT   |",
                "true;false   | NUMBER |"
            })
    void aColumnThatCannotFitIsNamedWithItsLine(String cells, Form form, String problem) throws Exception {
        var pair = cells.split(";", -1);
        var store = store("id,x", "1,\"" + pair[0] + "\"", "2,\"" + pair[1].strip() + "\"");
        assertThat(store.unfit("x", form).map(text -> text.substring(text.indexOf(": ") + 2)))
                .isEqualTo(Optional.ofNullable(problem));
        assertThat(store.unfit("gone", form).orElseThrow()).endsWith(" has no column \"gone\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.0", "1.", "01.0", " 1", "1 ", "\"1\"", "001"})
    void keysAsOtherToolsWriteThem(String key) throws Exception {
        var store = store("id,x", key + ",5", (key.contains(".") ? "2.0" : "2") + ",6");
        boolean text = key.startsWith("0");
        assertThat(found(store, text ? key : 1L)).containsEntry("x", 5L);
        assertThat(found(store, text ? key : "1")).containsEntry("x", 5L);
        assertThat(await(store.fetch(Set.of(text ? 1L : 3L)))).isEmpty();
    }

    @Test
    void aRowWithoutAKeyIsPassedOver() throws Exception {
        var store = store("id,x", "1.0,5", ",6", "NaN,7", "2.0,8");
        assertThat(found(store, 2L)).containsEntry("x", 8L);
        assertThat(said()).containsExactly("2 rows have no key and are passed over, the first in line 3");
        assertThat(found(store("id,x", "NA,1", "DE,2"), "NA")).containsEntry("x", 1L);
    }

    @Test
    void aRowWithOtherCellsThanTheHeaderConcernsItselfAlone() throws Exception {
        var store = store("id,x,y", "1,5,6", "2,6", "3,7,8,9", "4,8,9");
        assertThat(found(store, 1L)).isEqualTo(Map.of("x", 5L, "y", 6L));
        assertThat(found(store, 4L)).isEqualTo(Map.of("x", 8L, "y", 9L));
        assertThat(await(store.fetch(Set.of(2L, 3L)))).isEmpty();
        assertThat(said())
                .containsExactly(
                        "2 rows do not fit the header and are passed over, the first is line 3: 2 cells where the header names 3 columns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void aByteOrderMarkTellsHowTheFileIsWritten(String charset) throws Exception {
        var file = Files.writeString(folder.resolve(charset), "\uFEFFid,x\n1,Köln\n", Charset.forName(charset));
        assertThat(found(open(new CsvConfig(file, "id")), 1L)).isEqualTo(Map.of("x", "Köln"));
    }

    @Test
    void twoRowsForOneKeyAreTheFaultOfThatKey() throws Exception {
        var store = store("id,x", "1,5", "2,6", "1.0,7", "3,8");
        assertThat(found(store, 2L)).containsEntry("x", 6L);
        assertThat(await(store.fetch(Set.of(1L))).get(1L).fault()).isEqualTo(Unusable.ambiguous());
        assertThat(said())
                .containsExactly(
                        "1 rows have the key of another one, the first in lines 2 and 4: these entities cannot be used");
    }

    @Test
    void columnsWithoutANameArePassedOverAndThatIsSaidOnce() throws Exception {
        var file = write("\uFEFF,id , x,\r", "0,1,5,\r", "1,2,6,\r");
        var store = open(new CsvConfig(file, "id", NEVER, 1 << 20));
        assertThat(found(store, 1L)).isEqualTo(Map.of("x", 5L));
        Files.writeString(file, ",id,x,\n0,1,9,\n");
        await(store.look());
        await(store.look());
        assertThat(found(store, 1L)).isEqualTo(Map.of("x", 9L));
        assertThat(said())
                .containsExactly("column 1 has no name and is passed over", "column 4 has no name and is passed over");
    }

    @Test
    void otherDelimiters() throws Exception {
        var file = write("id;x", "1;5");
        assertThat(open(new CsvConfig(file, "id")).notReady().orElseThrow())
                .endsWith("no column is named \"id\", which is to hold the keys; is the delimiter \";\"?");
        var format = new CsvConfig.Format(';', Set.of("absent"));
        var store = open(new CsvConfig(write("id;x;y", "1;5;2", "2;absent;-"), "id", format, NEVER, 1 << 20));
        assertThat(found(store, 1L)).isEqualTo(Map.of("x", 5L, "y", "2"));
        assertThat(found(store, 2L)).isEqualTo(Map.of("y", "-"));
    }

    private List<String> said() {
        return log.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .map(line -> line.substring(line.indexOf(": ") + 2))
                .toList();
    }

    private CsvFeatureStore store(String... lines) throws Exception {
        return open(new CsvConfig(write(lines), "id", NEVER, 1 << 20));
    }

    private CsvFeatureStore open(CsvConfig config) throws Exception {
        var store = CsvFeatureStore.open(vertx, workers, config);
        await(store.opened());
        return store;
    }

    private Path write(String... lines) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "features", ".csv"), String.join("\n", lines) + "\n");
    }

    private static Map<String, Object> values(CsvFeatureStore store, Object key) throws Exception {
        FeatureVector vector = await(store.fetch(Set.of(key))).get(key);
        return new HashMap<>(vector.values());
    }

    private static Map<String, Object> found(CsvFeatureStore store, Object key) throws Exception {
        assertThat(store.notReady()).isEmpty();
        return values(store, key);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(CsvFeatureStore.class);
    }
}
