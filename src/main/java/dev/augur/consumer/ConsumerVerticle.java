package dev.augur.consumer;

import dev.augur.bus.Addresses;
import dev.augur.inference.ModelRegistry;
import dev.augur.inference.ModelRunner;
import dev.augur.inference.Predictor;
import dev.augur.metrics.Meters;
import dev.augur.pipeline.Pipeline;
import dev.augur.pipeline.Pipelines;
import dev.augur.serving.BodyMemory;
import dev.augur.serving.InferencePath;
import dev.augur.serving.JsonWork;
import dev.augur.serving.Recorder;
import dev.augur.serving.Recording;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the public addresses of the event bus on one event loop: an address is there while the model behind it is loaded. Several instances
 * share the addresses, and so do the nodes of a cluster. {@link #deregister} may be called on any thread; else confined to one event loop.
 */
public final class ConsumerVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerVerticle.class);
    private static final long POLL_MILLIS = 10;
    private static final long SWEEP_MILLIS = 250;
    private static final int JSON_QUEUE = 1_000;
    private static final long UNREGISTER_SECONDS = 2;

    private final int number;
    private final ConsumerConfig config;
    private final Services services;
    private final Supplier<Duration> drainTimeout;
    private final Map<String, MessageConsumer<Object>> consumers = new HashMap<>();
    private Desk desk;
    private Recorder recorder;
    private InferencePath inference;
    private boolean closed;
    private Future<Void> away = Future.succeededFuture(); // done when no node knows an address of this instance

    /**
     * What messages are passed on to, the same for all instances of a node.
     *
     * @param inFlight their requests together
     */
    public record Services(
            Predictor predictor,
            ModelRegistry models,
            Pipelines pipelines,
            Recording recording,
            BodyMemory bodyMemory,
            Meters meters,
            InFlight inFlight) {}

    /**
     * One instance.
     *
     * @param number tells it from the others of its node
     * @param drainTimeout how long requests may take when the verticle stops
     */
    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    public ConsumerVerticle(int number, ConsumerConfig config, Services services, Supplier<Duration> drainTimeout) {
        this.number = number;
        this.config = config;
        this.services = services;
        this.drainTimeout = drainTimeout;
    }

    @Override
    public Future<?> start() {
        var workers = new WorkerPool(vertx, "augur-bus-json-" + number, /* workers= */ 1, JSON_QUEUE);
        services.meters().pool(workers);
        var work = new JsonWork(workers, config.limits().eventLoopBytes());
        recorder = new Recorder(services.recording(), work);
        inference = new InferencePath(services.predictor(), services.models(), work, recorder);
        var node = new Reception.Node(services.inFlight(), services.bodyMemory(), services.meters());
        var reception = new Reception(node, recorder, work, config.limits().requestTimeout());
        desk = new Desk(reception, work, config.limits(), vertx.isClustered());
        vertx.setPeriodic(SWEEP_MILLIS, tick -> reception.sweep());
        services.models().onChange(() -> context.runOnContext(change -> follow().onFailure(ConsumerVerticle::note)));
        return follow();
    }

    /** Takes no message any more, and waits for the answers of those in flight; what takes too long is failed. */
    @Override
    public Future<?> stop() {
        Promise<Void> answered = Promise.promise(); // completed by a timer
        awaitAnswers(System.nanoTime() + drainTimeout.get().toNanos(), answered);
        return Future.join(unregister(), answered.future());
    }

    /** Takes the addresses away; what has arrived is still answered. Callers on other nodes turn to others, if there are some. */
    public void deregister() {
        context.runOnContext(now -> unregister().onFailure(ConsumerVerticle::note));
    }

    private void awaitAnswers(long endNanos, Promise<Void> answered) {
        int requests = desk.reception().requests();
        if (requests == 0) {
            answered.complete();
        } else if (System.nanoTime() - endNanos > 0) {
            desk.reception().failAll();
            answered.fail(new TimeoutException(requests + " requests of the event bus were not answered in time"));
        } else {
            vertx.setTimer(POLL_MILLIS, later -> awaitAnswers(endNanos, answered));
        }
    }

    /** Makes the addresses those of the models that are loaded now. Done when the cluster knows. */
    private Future<Void> follow() {
        if (closed) {
            return Future.succeededFuture();
        }
        var wanted = wanted();
        var done = new ArrayList<Future<Void>>();
        for (String address : consumers.keySet().toArray(String[]::new)) {
            if (!wanted.containsKey(address)) {
                done.add(consumers.remove(address).unregister());
            }
        }
        wanted.forEach((address, handler) -> {
            if (!consumers.containsKey(address)) {
                var consumer = vertx.eventBus().consumer(address, handler);
                consumers.put(address, consumer);
                done.add(consumer.completion());
            }
        });
        return Future.join(done).mapEmpty();
    }

    private Map<String, Handler<Message<Object>>> wanted() {
        var wanted = new HashMap<String, Handler<Message<Object>>>();
        for (ModelRunner runner : services.models().loaded()) {
            String name = runner.metadata().name();
            wanted.put(Addresses.model(name), new ModelConsumer(name, desk, inference, recorder));
        }
        for (Pipeline pipeline : services.pipelines().all()) {
            if (modelLoaded(pipeline)) {
                String name = pipeline.config().name();
                wanted.put(Addresses.pipeline(name), new PipelineConsumer(name, services.pipelines(), desk, recorder));
            }
        }
        return wanted;
    }

    private boolean modelLoaded(Pipeline pipeline) {
        var version = pipeline.config().version();
        return services.models().loaded(pipeline.config().model()).stream()
                .anyMatch(runner -> version.isEmpty()
                        || version.get().equals(runner.metadata().version()));
    }

    private Future<Void> unregister() {
        if (!closed) {
            closed = true;
            away = takeAway();
        }
        return away;
    }

    private Future<Void> takeAway() {
        var done = consumers.values().stream().map(MessageConsumer::unregister).toList();
        consumers.clear();
        return Future.join(done).timeout(UNREGISTER_SECONDS, TimeUnit.SECONDS).mapEmpty();
    }

    private static void note(Throwable failure) {
        LOG.error("an address of the event bus could not be registered or taken away", failure);
    }
}
