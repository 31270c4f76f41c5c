package dev.augur.console;

import dev.augur.error.ServingException;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who look at the console what the node does: makes each event once and hands it to every router, which
 * gives it to its pages. From the first page on to the last one; before and after, nothing is gathered. What is not
 * said to be confined to its event loop may be called on any thread.
 */
public final class ConsoleVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleVerticle.class);
    private static final long LAG_MILLIS = 50;
    private static final long TRACES_MILLIS = 100;
    private static final long METRICS_MILLIS = 1_000;
    private static final long HEARTBEAT_MILLIS = 10_000;
    private static final int WAITING = 2; // events that are to be made; one more is made in the next turn

    private final ConsoleConfig config;
    private final Sources sources;
    private final MetricsJson metrics;
    private final String startedAt = Instant.now().toString();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicLong lost = new AtomicLong();
    private final List<Long> timers = new ArrayList<>(); // on the event loop
    private volatile Traces traces;
    private volatile LoopLag lag = new LoopLag();
    private volatile long written; // as it was told last
    private WorkerPool worker;

    private record Listener(Context context, Audience audience) {}

    /** The console of one node. */
    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    public ConsoleVerticle(ConsoleConfig config, Sources sources) {
        this.config = config;
        this.sources = sources;
        this.metrics = new MetricsJson(sources);
        this.traces = new Traces(sources.redacted());
    }

    @Override
    public Future<?> start() {
        worker = new WorkerPool(vertx, "augur-console", /* workers= */ 1, WAITING);
        sources.meters().pool(worker);
        sources.meters().console(open::get, lost::get);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        gatherNothing();
        return worker.drain();
    }

    /** The pages of one more router, which is on this event loop. */
    public void join(Context context, Audience audience) {
        listeners.add(new Listener(context, audience));
    }

    /** How many may look at the same time. */
    public int limit() {
        return config.streams();
    }

    /** One more looks; false if there are too many. */
    public boolean enter() {
        int before = open.getAndUpdate(pages -> Math.min(config.streams(), pages + 1));
        if (before == 0) {
            context.runOnContext(turn -> follow());
        }
        return before < config.streams();
    }

    /** One who has entered looks no more. */
    public void leave() {
        if (open.decrementAndGet() == 0) {
            context.runOnContext(turn -> follow());
        }
    }

    /** How many requests one run may have. */
    public int runRequests() {
        return config.runRequests();
    }

    /** A run begins; false if another one is under way. */
    public boolean beginRun() {
        return running.compareAndSet(false, true);
    }

    /** The run that began is over. */
    public void endRun() {
        running.set(false);
    }

    /** A page had no room for an event. */
    public void lose() {
        lost.incrementAndGet();
    }

    /** What a page is told first. */
    public Event hello() {
        var node = sources.node();
        return Event.of(
                "hello",
                new JsonObject()
                        .put("node", node.name())
                        .put("version", node.version())
                        .put("started_at", startedAt)
                        .put("now_ms", System.currentTimeMillis())
                        .toBuffer());
    }

    /** Begins or ends what the number of pages asks for. */
    private void follow() {
        if (open.get() == 0) {
            gatherNothing();
        } else if (timers.isEmpty()) {
            gather();
        }
    }

    private void gather() {
        traces = new Traces(sources.redacted());
        lag = new LoopLag();
        listeners.forEach(listener -> lag.add(listener.context()));
        written = sources.written();
        sources.timelines().watch(traces);
        timers.add(vertx.setPeriodic(LAG_MILLIS, tick -> lag.ask()));
        timers.add(vertx.setPeriodic(TRACES_MILLIS, tick -> tell(this::traces)));
        timers.add(vertx.setPeriodic(METRICS_MILLIS, tick -> tell(this::metrics)));
        timers.add(vertx.setPeriodic(HEARTBEAT_MILLIS, tick -> show(List.of(Event.HEARTBEAT))));
    }

    private void gatherNothing() {
        sources.timelines().watch(null);
        timers.forEach(vertx::cancelTimer);
        timers.clear();
    }

    /** Has events made; what cannot be made now is in those of the next turn. */
    private void tell(Supplier<List<Event>> events) {
        worker.run(events::get).onSuccess(this::show).onFailure(failure -> {
            if (!(failure instanceof ServingException)) {
                LOG.error("console: an event could not be made", failure);
            }
        });
    }

    private List<Event> traces() {
        var told = traces.take(TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));
        return told.isEmpty()
                ? List.of()
                : List.of(Event.of(
                        "traces",
                        new JsonObject().put("traces", new JsonArray(told)).toBuffer()));
    }

    private List<Event> metrics() {
        var events = new ArrayList<Event>();
        events.add(Event.counting("metrics", metrics.now(traces.takeLatencies().json(), lag.take())));
        long now = sources.written();
        if (now != written) {
            written = now;
            events.add(Event.of("records", new JsonObject().put("written", now).toBuffer()));
        }
        return events;
    }

    private void show(List<Event> events) {
        if (!events.isEmpty()) {
            listeners.forEach(listener -> listener.context()
                    .runOnContext(
                            turn -> events.forEach(event -> listener.audience().show(event))));
        }
    }
}
