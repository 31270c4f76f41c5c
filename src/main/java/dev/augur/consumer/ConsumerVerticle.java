package dev.augur.consumer;

import dev.augur.bus.Addresses;
import dev.augur.bus.Withdrawal;
import dev.augur.error.Shown;
import dev.augur.model.runtime.ModelRunner;
import dev.augur.pipeline.Pipeline;
import dev.augur.pipeline.PipelinePath;
import dev.augur.pipeline.PredictionService;
import dev.augur.predictionlog.recording.Recorder;
import dev.augur.request.HttpStatus;
import dev.augur.request.InferencePath;
import dev.augur.time.Drain;
import dev.augur.time.Watch;
import dev.augur.worker.JsonWork;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the public addresses of the event bus on one event loop: an address is there while the model behind it is
 * loaded. Several instances share the addresses, and so do the nodes of a cluster. {@link #deregister} may be called on
 * any thread; else confined to one event loop.
 */
public final class ConsumerVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerVerticle.class);
    private static final long SWEEP_MILLIS = 250;
    private static final int JSON_QUEUE = 1_000;
    private static final long UNREGISTER_SECONDS = 2;
    private static final int UNAVAILABLE = 503;

    private final Instance instance;
    private final PredictionService service;
    private final Admission admission;
    private final Supplier<Duration> drainTimeout;
    private final Map<String, MessageConsumer<Object>> consumers = new HashMap<>();
    private Map<String, Handler<Message<Object>>> handlers = Map.of(); // by the addresses that are consumed
    private final List<MessageConsumer<?>> own = new ArrayList<>(); // not those of models and pipelines
    private Reception reception;
    private Watch sweeping;
    private InferencePath inference;
    private PipelinePath pipelines;
    private boolean withdrawn;
    private boolean closed;
    private Future<Void> away = Future.succeededFuture(); // done when no node knows an address of this instance

    /**
     * Which one it is.
     *
     * @param number tells it from the others of its node
     * @param node the name of that
     */
    public record Instance(int number, String node) {}

    /**
     * One instance.
     *
     * @param drainTimeout how long requests may take when the verticle stops
     */
    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    public ConsumerVerticle(
            Instance instance, PredictionService service, Admission admission, Supplier<Duration> drainTimeout) {
        this.instance = instance;
        this.service = service;
        this.admission = admission;
        this.drainTimeout = drainTimeout;
    }

    @Override
    public Future<?> start() {
        var workers = new WorkerPool(vertx, "augur-bus-json-" + instance.number(), /* workers= */ 1, JSON_QUEUE);
        admission.meters().pool(workers);
        var work = new JsonWork(workers, admission.limits().eventLoopBytes());
        var recorder = new Recorder(service.recording(), work);
        inference = new InferencePath(service.predictor(), service.models(), work, recorder);
        pipelines = new PipelinePath(work);
        var bodies = new MessageBodies(admission.limits(), vertx.isClustered());
        reception = new Reception(admission, recorder, work, bodies);
        sweeping =
                new Watch(context, Duration.ofMillis(SWEEP_MILLIS), () -> reception.requests() > 0, reception::sweep);
        service.models().onChange(() -> context.runOnContext(change -> follow().onFailure(ConsumerVerticle::note)));
        var left = vertx.eventBus().consumer(Addresses.LEFT, message -> reception.left(String.valueOf(message.body())));
        own.add(left);
        return left.completion().compose(listens -> follow()).compose(known -> listenAlone());
    }

    /** Takes no message any more, and waits for the answers of those in flight; what takes too long is failed. */
    @Override
    public Future<?> stop() {
        var answered = Drain.of(
                        context, drainTimeout.get(), "requests of the event bus were not answered", reception::requests)
                .onFailure(late -> reception.failAll());
        return Future.join(unregister(), answered);
    }

    /**
     * Takes the addresses from the other nodes: callers turn to others, if there are some. What has been sent here
     * before they know, and what is sent here since there is nobody else, is still answered.
     */
    public void deregister() {
        context.runOnContext(now -> {
            withdrawn = true;
            Withdrawal.of(vertx, consumers.keySet())
                    .timeout(UNREGISTER_SECONDS, TimeUnit.SECONDS)
                    .onFailure(ConsumerVerticle::note);
        });
    }

    /** Makes the addresses those of the models that are loaded now. Done when the cluster knows. */
    private Future<Void> follow() {
        if (closed || withdrawn) {
            return Future.succeededFuture();
        }
        var wanted = wanted();
        handlers = wanted;
        var done = new ArrayList<Future<Void>>();
        for (String address : consumers.keySet().toArray(String[]::new)) {
            if (!wanted.containsKey(address)) {
                done.add(consumers.remove(address).unregister());
            }
        }
        wanted.forEach((address, handler) -> {
            if (!consumers.containsKey(address)) {
                admission.meters().expectOnBus(address, HttpStatus.all());
                var consumer = vertx.eventBus().<Object>consumer(address, message -> {
                    handler.handle(message);
                    sweeping.wake();
                });
                consumers.put(address, consumer);
                done.add(consumer.completion());
            }
        });
        return Future.join(done).mapEmpty();
    }

    /** Programs that choose among the nodes ask this one here, whatever they ask. */
    private Future<Void> listenAlone() {
        if (!vertx.isClustered()) {
            return Future.succeededFuture();
        }
        var alone = vertx.eventBus().<Object>consumer(Addresses.node(instance.node()), this::handOn);
        own.add(alone);
        return alone.completion();
    }

    private void handOn(Message<Object> message) {
        String address = String.valueOf(message.headers().get(Addresses.ASKED));
        var handler = handlers.get(address);
        if (handler == null) {
            message.fail(UNAVAILABLE, instance.node() + " does not answer at " + Shown.text(address));
        } else {
            handler.handle(message);
            sweeping.wake();
        }
    }

    private Map<String, Handler<Message<Object>>> wanted() {
        var wanted = new HashMap<String, Handler<Message<Object>>>();
        for (ModelRunner runner : service.models().ready()) {
            String name = runner.metadata().name();
            wanted.put(Addresses.model(name), new ModelConsumer(name, reception, inference));
        }
        for (Pipeline pipeline : service.pipelines().all()) {
            if (modelLoaded(pipeline)) {
                String name = pipeline.config().name();
                wanted.put(
                        Addresses.pipeline(name),
                        new PipelineConsumer(name, service.pipelines(), pipelines, reception));
            }
        }
        return wanted;
    }

    private boolean modelLoaded(Pipeline pipeline) {
        var version = pipeline.config().version();
        return service.models().entries(pipeline.config().model()).stream()
                .anyMatch(entry ->
                        entry.ready() && (version.isEmpty() || version.get().equals(entry.version())));
    }

    private Future<Void> unregister() {
        if (!closed) {
            closed = true;
            away = takeAway();
        }
        return away;
    }

    private Future<Void> takeAway() {
        var done = Stream.concat(consumers.values().stream(), own.stream())
                .map(MessageConsumer::unregister)
                .toList();
        consumers.clear();
        handlers = Map.of();
        return Future.join(done).timeout(UNREGISTER_SECONDS, TimeUnit.SECONDS).mapEmpty();
    }

    private static void note(Throwable failure) {
        LOG.error("an address of the event bus could not be registered or taken away", failure);
    }
}
