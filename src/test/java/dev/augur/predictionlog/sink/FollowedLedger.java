package dev.augur.predictionlog.sink;

import dev.augur.predictionlog.ledger.Doubts;
import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.ledger.LedgerEntry;
import dev.augur.predictionlog.ledger.LedgerOptions;
import dev.augur.testkit.TestServer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A ledger with its followers, on an event loop of their own. Used by one thread. */
final class FollowedLedger {
    /** Keeps little: one small segment, were it not for followers. */
    static final LedgerConfig SMALL =
            new LedgerConfig(false, 10_000, new LedgerConfig.Retention(Duration.ZERO, 1), Long.MAX_VALUE);

    static final LedgerConfig LARGE = new LedgerConfig(false, 16 << 20, LedgerConfig.Retention.ALL, 1 << 20);

    private final Context loop;
    private final Path directory;
    private final Ledger ledger;
    private final SinkFollowers followers;
    private final Doubts doubts;

    private FollowedLedger(Vertx vertx, Path directory, LedgerConfig config, List<SinkFollowers.Entry<?>> sinks)
            throws IOException {
        this.loop = vertx.getOrCreateContext();
        this.directory = directory;
        this.followers = new SinkFollowers(vertx, directory, sinks);
        this.ledger = Ledger.open(directory, config, new LedgerOptions(false, followers));
        this.doubts = Doubts.open(directory.resolve(ledger.writer()), ledger.storedSeq());
    }

    static FollowedLedger open(Vertx vertx, Path directory, LedgerConfig config, Sink<?> sink) throws Exception {
        var entry = new SinkFollowers.Entry<>(sink, new FollowerConfig(500, 1 << 20, Duration.ofMillis(200)));
        var opened = new FollowedLedger(vertx, directory, config, List.of(entry));
        opened.onLoop(() -> opened.followers.start(opened.folder()));
        return opened;
    }

    private FollowedFolder folder() {
        return new FollowedFolder(directory.resolve(ledger.writer()), ledger::storedSeq, ledger::storedSeq, doubts);
    }

    /** Another writer may have these lines. */
    void doubt(long first, long last) {
        doubts.add(first, last);
    }

    /** Stores records of these ids. */
    void append(String... ids) throws Exception {
        store(List.of(ids).stream().map(id -> record(id, "")).toList());
    }

    /** Stores records whose ids are numbers, in groups. */
    void append(int from, int to, String padding) throws Exception {
        for (int i = from; i <= to; i += 500) {
            var group = new ArrayList<LedgerEntry>();
            IntStream.rangeClosed(i, Math.min(to, i + 499)).forEach(id -> group.add(record("r" + id, padding)));
            store(group);
        }
    }

    void store(List<LedgerEntry> group) throws IOException {
        var unused = ledger.append(group);
        loop.runOnContext(stored -> followers.wake());
    }

    static LedgerEntry record(String id, String padding) {
        return entry(
                id,
                "{\"schema_version\":1,\"record_id\":\"" + id
                        + "\",\"item_id\":43,\"endpoint\":\"/predict\",\"node\":\"n\","
                        + "\"model\":\"wine\",\"model_version\":\"2\",\"status\":\"OK\","
                        + "\"received_at\":\"2026-01-02T03:04:05.000006Z\",\"inputs\":{\"padding\":\"" + padding
                        + "\"},\"outputs\":{\"prediction\":42.5}}");
    }

    static LedgerEntry entry(String id, String json) {
        return new LedgerEntry(id, json.getBytes(StandardCharsets.UTF_8));
    }

    Progress progress() {
        return followers.all().get(0).progress();
    }

    Sink<?> sink() {
        return followers.all().get(0).sink();
    }

    Ledger ledger() {
        return ledger;
    }

    List<Path> removeOld() throws IOException {
        return ledger.removeOld(Instant.now());
    }

    Path cursorFile() {
        return directory.resolve("cursors").resolve(sink().name() + "-" + ledger.writer() + ".json");
    }

    String cursor() throws IOException {
        return Files.exists(cursorFile()) ? Files.readString(cursorFile()) : "";
    }

    /** Waits until the sink has everything and the cursor says so. */
    void untilTaken() throws Exception {
        while (progress().lagRecords() > 0) {
            long taken = progress().takenSeq();
            TestServer.eventually(() -> progress().takenSeq() > taken);
        }
        TestServer.eventually(this::cursorIsSaved);
    }

    private boolean cursorIsSaved() throws IOException {
        return ledger.storedSeq() == 0 || cursor().contains("\"seq\":" + ledger.storedSeq() + ",");
    }

    void close() throws Exception {
        onLoop(followers::stop);
        ledger.close();
    }

    private void onLoop(Supplier<Future<Void>> step) throws Exception {
        Promise<Void> done = Promise.promise();
        loop.runOnContext(started -> step.get().onComplete(done));
        TestServer.await(done.future());
    }
}
