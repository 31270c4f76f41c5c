package dev.augur.run;

import dev.augur.Server;
import dev.augur.config.ConfigLoader;
import dev.augur.config.ServerConfig;
import dev.augur.predictionlog.PredictionLogVerticle;
import dev.augur.predictionlog.ledger.Cursors;
import dev.augur.predictionlog.ledger.FailingDisk;
import dev.augur.predictionlog.ledger.LedgerOptions;
import dev.augur.testkit.TestServer;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs Augur inside its own Vert.x, with a logging verticle that it deploys and undeploys itself, on a
 * disk that takes so many bytes in a second: arguments BYTES_PER_SECOND [KEY=VALUE …]. It does what stands on its
 * standard input, {@code undeploy}, {@code deploy}, {@code hold} or {@code release}, and says when that is done.
 */
public final class EmbeddedServer {
    private final Vertx vertx;
    private final ServerConfig config;
    private final LedgerOptions options;
    private final CountDownLatch released = new CountDownLatch(1);
    private String deployment = "";
    private volatile Context loop;

    private EmbeddedServer(Vertx vertx, ServerConfig config, LedgerOptions options) {
        this.vertx = vertx;
        this.config = config;
        this.options = options;
        this.loop = vertx.getOrCreateContext();
    }

    public static void main(String[] arguments) throws Exception {
        var settings = new HashMap<>(Map.of("roles", "http,predict", "cluster.enabled", "true", "http.port", "0"));
        for (int i = 1; i < arguments.length; i++) {
            settings.put(arguments[i].split("=", 2)[0], arguments[i].split("=", 2)[1]);
        }
        var vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(8) // so that the logging verticle shares its loop with no other
                .setMaxEventLoopExecuteTime(1)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS)
                .setBlockedThreadCheckInterval(50)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS));
        var disk = FailingDisk.slow(Long.parseLong(arguments[0]));
        var program = new EmbeddedServer(
                vertx, ConfigLoader.load(Map.of(), settings), new LedgerOptions(false, Cursors.NONE, disk));
        program.deploy();
        var server = TestServer.await(Server.start(vertx, program.config));
        System.out.println("Embedded: ready in time at " + server.url().orElseThrow());
        program.obey();
        TestServer.await(server.stop());
        program.undeploy();
        TestServer.await(vertx.close());
    }

    private void obey() throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            switch (line.split(" ")[0]) {
                case "undeploy" -> undeploy();
                case "deploy" -> deploy();
                case "hold" -> hold();
                default -> released.countDown();
            }
            System.out.println("done: " + line);
        }
    }

    private void undeploy() throws Exception {
        TestServer.await(vertx.undeploy(deployment));
    }

    private void deploy() throws Exception {
        var verticle = new PredictionLogVerticle(config.predictionsDirectory(), config.predictionLog(), options);
        deployment = TestServer.await(vertx.deployVerticle(new Deployable() {
            @Override
            public Future<?> deploy(Context context) throws Exception {
                loop = context;
                return verticle.deploy(context);
            }

            @Override
            public Future<?> undeploy(Context context) throws Exception {
                return verticle.undeploy(context);
            }
        }));
    }

    /** Holds the event loop of the logging verticle until it is released, a minute at most. */
    private void hold() throws InterruptedException {
        var holds = new CountDownLatch(1);
        loop.runOnContext(ignored -> {
            System.out.println("held: " + Thread.currentThread().getName());
            holds.countDown();
            awaitRelease();
        });
        holds.await();
    }

    private void awaitRelease() {
        try {
            if (!released.await(1, TimeUnit.MINUTES)) {
                System.out.println("nobody released it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
