package dev.augur.predictionlog.sink;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.ledger.Ledger;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Folders that no process holds, and two that look for them. */
@ExtendWith(VertxExtension.class)
class AbandonedWritersTest {
    private final RecordingSink sink = new RecordingSink();

    @TempDir
    Path directory;

    @Test
    void oneOfTwoBringsToTheSinksWhatAWriterHasLeft(Vertx vertx) throws Exception {
        var own = Ledger.open(directory, FollowedLedger.LARGE);
        own.append(List.of(FollowedLedger.record("own", "")));
        var gone = Ledger.open(directory, FollowedLedger.LARGE);
        for (int i = 1; i <= 1_200; i++) {
            assertThat(gone.append(List.of(FollowedLedger.record("r" + i, "")))).hasSize(1);
        }
        var config = new SinksConfig(List.of(opening()), Duration.ofMillis(100));
        var looking = List.of(looking(vertx, config), looking(vertx, config));
        var folder = directory.resolve(gone.writer());
        gone.close();
        try (var files = Files.newDirectoryStream(folder, "*.ndjson")) { // what a crash has left
            Files.writeString(files.iterator().next(), "{\"record_id\":\"torn", StandardOpenOption.APPEND);
        }
        eventually(() -> sink.taken().size() >= 1_200);
        assertThat(sink.taken())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 1_200).mapToObj(i -> "r" + i).toList());

        eventually(() -> taken(gone.writer())); // it is left to whoever takes it
        assertThat(sink.taken()).hasSize(1_200);
        for (Looking each : looking) {
            each.onLoop(each.writers::stop);
        }
        own.close();
    }

    /** Takes the folder as a node does at its start, writes to it, and leaves it. */
    private boolean taken(String writer) throws Exception {
        var ledger = Ledger.open(directory, FollowedLedger.LARGE);
        boolean same = ledger.writer().equals(writer);
        ledger.close();
        if (!same) {
            delete(directory.resolve(ledger.writer())); // else each try would leave one more folder to be followed
        }
        return same;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Test
    void whatWasNotTakenWaitsForTheNext(Vertx vertx) throws Exception {
        var gone = Ledger.open(directory, FollowedLedger.LARGE);
        gone.append(List.of(FollowedLedger.record("a", ""), FollowedLedger.record("b", "")));
        gone.close();
        sink.fails(true);
        var config = new SinksConfig(List.of(opening()), Duration.ofMillis(100));
        var first = looking(vertx, config);
        eventually(() -> sink.asked() > 0);
        first.onLoop(first.writers::stop);
        assertThat(sink.taken()).isEmpty();
        sink.fails(false);
        var second = looking(vertx, config);
        eventually(() -> sink.taken().size() == 2);
        second.onLoop(second.writers::stop);
        assertThat(sink.taken()).containsExactly("a", "b");
    }

    private SinkKind.Opening<?> opening() {
        return new SinkKind.Opening<>(
                new SinkLimits(500, Duration.ofSeconds(1), Duration.ofMillis(200)), vertx -> sink);
    }

    private Looking looking(Vertx vertx, SinksConfig config) throws Exception {
        var looking = new Looking(vertx, new AbandonedWriters(vertx, directory, config, List.of(sink.name())));
        looking.onLoop(() -> {
            looking.writers.start();
            return Future.succeededFuture();
        });
        return looking;
    }

    private record Looking(Vertx vertx, AbandonedWriters writers) {
        void onLoop(Supplier<Future<Void>> step) throws Exception {
            Promise<Void> done = Promise.promise();
            vertx.getOrCreateContext().runOnContext(started -> step.get().onComplete(done));
            await(done.future());
        }
    }
}
