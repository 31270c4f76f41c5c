package dev.augur.feature.csv;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

@ExtendWith(VertxExtension.class)
class CsvFeatureStoreTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final long MEMORY = 512L << 20;

    @TempDir
    private Path folder;

    private Vertx vertx;
    private WorkerPool workers;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(CsvFeatureStore.class);

    @BeforeEach
    void listen(Vertx vertx) {
        this.vertx = vertx;
        workers = new WorkerPool(vertx, "features", 2, 100);
        log.start();
        logger.addAppender(log);
    }

    /** Every warning about a file. */
    private List<String> said() {
        return log.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
    }

    @Test
    void infersTheTypeOfEachColumn() throws Exception {
        var store = store(
                "id,count,share,on,city,empty",
                "1,12,0.5,true,Köln,",
                "2,,1e-3,False,\"a,\"\"b\"\"\nc\",",
                "3,-4,7,,,");

        assertThat(values(store, 1L)).isEqualTo(Map.of("count", 12L, "share", 0.5, "on", true, "city", "Köln"));
        assertThat(values(store, 2L)).isEqualTo(Map.of("share", 0.001, "on", false, "city", "a,\"b\"\nc"));
        assertThat(values(store, 3L)).isEqualTo(Map.of("count", -4L, "share", 7.0));
        assertThat(store.notReady()).isEmpty();
    }

    @Test
    void keepsTheSpellingOfTexts() throws Exception {
        var store = store("id,zip,mixed,flag", "1,01067,1.50,true", "2,80331,nan,1", "3,99999,x,0");

        assertThat(values(store, 1L)).isEqualTo(Map.of("zip", "01067", "mixed", "1.50", "flag", "true"));
        assertThat(values(store, 2L)).isEqualTo(Map.of("zip", "80331", "flag", "1"));
    }

    @Test
    void findsIntegerAndTextKeys() throws Exception {
        var numbers = store("id,x", "9223372036854775807,1", "-5,2");
        assertThat(values(numbers, Long.MAX_VALUE)).containsEntry("x", 1L);
        assertThat(values(numbers, "-5")).containsEntry("x", 2L);
        assertThat(await(numbers.fetch(Set.of(6L, "x", "", "9".repeat(1_000_000), "-5.0"))))
                .isEmpty();

        var texts = store("x,id", "1,a b", "2,\"q\"\"\n'; --\"", "3,ключ", "4,7");
        assertThat(values(texts, "q\"\n'; --")).containsEntry("x", 2L);
        assertThat(values(texts, "ключ")).containsEntry("x", 3L);
        assertThat(values(texts, 7L)).containsEntry("x", 4L);
        assertThat(await(texts.fetch(Set.of("a", "a  b", "", "\n".repeat(1_000_000)))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id,x;2                    | line 2: 1 cells where the header names 2 columns",
                "id,x;2,3,4                | line 2: 3 cells where the header names 2 columns",
                "id,x,x;1,2,3              | line 1: two columns are named \"x\"",
                "key,x;1,2                 | no column is named \"id\"",
                "id,x                      | a header and no rows",
                "id,x;1,\"2                | not a CSV file",
            })
    void saysWhatIsWrongWithAFile(String file, String problem) throws Exception {
        var store = store(file.split(";"));

        assertThat(store.notReady().orElseThrow()).contains(problem);
        var failure = (ServingException) store.fetch(Set.of(1L)).cause();
        assertThat(failure.code()).isEqualTo(ErrorCode.FEATURES_UNAVAILABLE);
        assertThat(failure).hasMessageContaining(problem).hasMessageNotContaining(folder.toString());
        assertThat(said()).singleElement().asString().contains(problem);
    }

    @Test
    void refusesWhatIsNotUtf8AndWhatIsTooLarge() throws Exception {
        var latin = Files.write(folder.resolve("latin.csv"), "id,x\n1,Köln\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(open(new CsvConfig(latin, "id")).notReady().orElseThrow()).contains("not UTF-8");

        var file = write("id,x", "1," + "long ".repeat(10_000));
        assertThat(open(new CsvConfig(file, "id", NEVER, 10_000)).notReady().orElseThrow())
                .contains("1 rows need more than the 10000 bytes allowed");
    }

    @Test
    void passesOverAByteOrderMarkAndEmptyLines() throws Exception {
        assertThat(values(store("\uFEFFid,x", "", "1,2", ""), 1L)).containsEntry("x", 2L);
    }

    @Test
    void servesTheOldRowsUntilAChangedFileIsWhole() throws Exception {
        var file = write("id,x", "1,2");
        var store = open(new CsvConfig(file, "id", NEVER, MEMORY));

        Files.writeString(file, "3,4\n5,", StandardOpenOption.APPEND);
        await(store.look());
        assertThat(await(store.fetch(Set.of(3L)))).isEmpty(); // it may still be being written
        Files.writeString(file, "6\n", StandardOpenOption.APPEND);
        await(store.look());
        assertThat(await(store.fetch(Set.of(5L)))).isEmpty();
        await(store.look());

        assertThat(values(store, 5L)).containsEntry("x", 6L);
        assertThat(said()).isEmpty();
    }

    @Test
    void keepsTheOldRowsWhenTheNewFileIsBrokenOrGone() throws Exception {
        var file = write("id,x", "1,2");
        var store = open(new CsvConfig(file, "id", NEVER, MEMORY));

        Files.writeString(file, "id,x\n1,2\n3", StandardOpenOption.TRUNCATE_EXISTING);
        look(store, 5);
        assertThat(values(store, 1L)).containsEntry("x", 2L);
        assertThat(said()).hasSize(1);

        Files.delete(file);
        look(store, 5);
        assertThat(values(store, 1L)).containsEntry("x", 2L);
        assertThat(said()).hasSize(2).allMatch(line -> line.endsWith("; the rows read before are still served"));
        assertThat(store.notReady()).isEmpty();

        Files.move(Files.writeString(folder.resolve("new"), "id,x\n1,9\n"), file, StandardCopyOption.ATOMIC_MOVE);
        look(store, 2);
        assertThat(values(store, 1L)).containsEntry("x", 9L);
    }

    @Test
    void beginsToServeWhenTheFileAppears() throws Exception {
        var file = folder.resolve("later.csv");
        var store = open(new CsvConfig(file, "id", Duration.ofMillis(10), MEMORY));
        assertThat(store.notReady()).hasValue("file later.csv is not there");
        assertThat(store.fetch(Set.of(1L)).cause()).hasMessage("file later.csv is not there");

        Files.writeString(file, "id,x\n1,2\n");

        eventually(() -> store.notReady().isEmpty());
        assertThat(values(store, 1L)).containsEntry("x", 2L);
        await(store.close());
        assertThat(store.fetch(Set.of(1L)).failed()).isTrue();
    }

    @Test
    void holdsAMillionRowsWithoutBoxes() throws Exception {
        var file = folder.resolve("large.csv");
        int rows = 1_000_000;
        try (var out = Files.newBufferedWriter(file)) {
            out.write("id,a,b,c,d,e,f,g,h,i,j,k,l,m\n");
            for (int row = 0; row < rows; row++) {
                out.write(Integer.toString(row * 7));
                for (int column = 0; column < 13; column++) {
                    out.append(',')
                            .append(Integer.toString(row % 1_000 + column))
                            .append(".5");
                }
                out.newLine();
            }
        }
        var config = new CsvConfig(file, "id", NEVER, 130_000_000);
        var store = open(config);

        assertThat(store.notReady()).isEmpty();
        // 13 columns and the keys of 8 bytes, and 2^21 slots of 4
        assertThat(CsvTableReader.read(config).bytes()).isEqualTo(14 * (8L * rows + 16) + 4 * (1 << 21) + 16);
        var random = new Random(4);
        for (int i = 0; i < 1_000; i++) {
            long row = random.nextInt(rows);
            assertThat(values(store, row * 7)).hasSize(13).containsEntry("m", row % 1_000 + 12.5);
        }
        Set<Object> many = LongStream.range(0, store.maxKeys()).boxed().collect(Collectors.toSet());
        assertThat(await(store.fetch(many))).hasSize(store.maxKeys() / 7 + 1);
    }

    private CsvFeatureStore store(String... lines) throws Exception {
        return open(new CsvConfig(write(lines), "id", NEVER, MEMORY));
    }

    private CsvFeatureStore open(CsvConfig config) throws Exception {
        var store = CsvFeatureStore.open(vertx, workers, config);
        await(store.opened());
        return store;
    }

    private Path write(String... lines) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "features", ".csv"), String.join("\n", lines) + "\n");
    }

    private static Map<String, Object> values(CsvFeatureStore store, Object key) throws Exception {
        var vector = await(store.fetch(Set.of(key))).get(key);
        assertThat(vector.entityKey()).isEqualTo(key);
        return vector.values();
    }

    private static void look(CsvFeatureStore store, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            await(store.look());
        }
    }
}
