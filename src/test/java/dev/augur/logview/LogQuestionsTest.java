package dev.augur.logview;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.Server;
import dev.augur.bus.Addresses;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.config.ConfigLoader;
import dev.augur.predictionlog.reading.PageQuestion;
import dev.augur.predictionlog.reading.RecordFilter;
import dev.augur.testkit.ChildProcess;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node with a log keeps of the questions of others: nothing. */
class LogQuestionsTest {
    private static final int RECORDS = 500;
    private static final int QUESTIONS = 400;
    private static final int ROWS = 60;

    @TempDir
    Path folder;

    @Test
    void aPageIsNotKeptOnceItWasSent() throws Exception {
        var config = ConfigLoader.load(
                Map.of(),
                Map.of(
                        "roles", "predict,log",
                        "data.directory", folder.toString(),
                        "shutdown.pause", "0",
                        "cluster.enabled", "true",
                        "cluster.name", "augur-questions",
                        "cluster.port", String.valueOf(ChildProcess.freePort()),
                        "cluster.port-count", "1"));
        var vertx = await(ClusteredVertx.join(new VertxOptions(), config.cluster()));
        var server = await(Server.start(vertx, config));
        var bus = vertx.eventBus();
        var body = new JsonObject("{\"inputs\":[{\"name\":\"features\",\"shape\":[" + ROWS
                + ",4],\"datatype\":\"FP32\",\"data\":" + Collections.nCopies(ROWS * 4, 1.25) + "}]}");
        await(Future.all(IntStream.range(0, RECORDS)
                .mapToObj(i -> bus.request(Addresses.model("iris"), body))
                .toList()));

        var question = new JsonObject()
                .put(RemoteLog.PAGE, LogJson.of(PageQuestion.of(RecordFilter.ALL, RECORDS, /* from= */ null)));
        String address = Addresses.predictionLogQuestions(server.node());
        eventually(() -> page(await(bus.<Buffer>request(address, question)).body()) == RECORDS);
        long bytes = await(bus.<Buffer>request(address, question)).body().length();
        long before = liveBytes();
        for (int i = 0; i < QUESTIONS; i++) {
            assertThat(page(await(bus.<Buffer>request(address, question)).body()))
                    .isEqualTo(RECORDS);
        }
        assertThat(liveBytes() - before).isLessThan(QUESTIONS * bytes / 4);
        await(server.stop());
        await(vertx.close());
    }

    private static int page(Buffer answer) {
        return Pieces.of(answer).lines().size();
    }

    private static long liveBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
