package dev.augur.model.runtime;

import dev.augur.model.Model;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The turns of a model's workers: work in the pool that takes a batch out of the queue when it begins, and stays for
 * the next while one waits and no other model's work does. There are no more turns than workers, so a pool that several
 * models share serves them in turn. Guarded by its owner's lock; turns run on workers.
 */
final class ModelTurns implements Gathering.Turns {
    private static final Logger LOG = LoggerFactory.getLogger(ModelTurns.class);
    private final Model model;
    private final WorkerPool pool;
    private final BatchExecution execution;
    private final Owner owner;
    private final ModelQueue queue;
    private final Occupancy occupancy;
    private final Gathering gathering;
    private final RunPace pace = new RunPace();
    private final boolean eventLoops;
    private final Set<Turn> running = new HashSet<>();
    private int turns; // asked for and not over
    private int begun; // of them
    private int hosts; // event loops that run the model now

    /**
     * What turns have in common with the dispatch they belong to.
     *
     * @param lossChanged called with the lock held after a run was given up, or came back
     */
    record Owner(Guard guard, ModelQueue queue, Occupancy occupancy, Runnable lossChanged) {}

    ModelTurns(Vertx vertx, ModelDispatch.ServedModel served, Owner owner) {
        this.model = served.model();
        this.pool = served.pool();
        this.execution = new BatchExecution(model, served.statistics(), served.mistrust());
        this.owner = owner;
        this.queue = owner.queue();
        this.occupancy = owner.occupancy();
        this.eventLoops = served.config().workers().execution() == Execution.EVENT_LOOP;
        this.gathering = new Gathering(vertx, queue, served.config().batching().maxDelay(), this);
    }

    /** Puts a request into the queue; called on its caller's thread. */
    void add(Inference inference) {
        gathering.add(inference);
    }

    /** Whether so many requests wait that no turn there is, or the next of an event loop, will take them. */
    boolean full(int limit) {
        return onLoops()
                ? queue.size() - Math.min(pace.most(), queue.maxBatchRows()) >= limit
                : !free() && queue.size() - (turns - begun) >= limit;
    }

    /** Workers and event loops that run the model now. */
    int running() {
        return running.size() + hosts;
    }

    /** The requests that the running turns answer. */
    List<Inference> members() {
        return running.stream().flatMap(turn -> turn.members().stream()).toList();
    }

    /**
     * That run, of a batch or of one of its requests alone, was stopped and has not come back. Nothing happens if it is
     * over by now.
     */
    void giveUp(Batch stopped) {
        running.stream()
                .filter(turn -> turn.members().containsAll(stopped.members()))
                .findFirst()
                .ifPresent(turn -> turn.giveUp(stopped));
    }

    @Override
    public boolean free() {
        return turns < pool.workers();
    }

    @Override
    public boolean soon() {
        return turns > 0 && pace.soon(queue.size());
    }

    @Override
    public void begin() {
        turns++;
        pace.begins(System.nanoTime());
        var turn = new Turn();
        owner.guard().afterwards(() -> pool.admit(Promise.promise().future(), turn::run)
                .onFailure(turn::failed));
    }

    /** Whether event loops run the model now. */
    boolean onLoops() {
        return eventLoops && pace.fitsLoop();
    }

    @Override
    public boolean onLoops(Inference inference) {
        return eventLoops && pace.fitsLoop(inference.inputBytes());
    }

    @Override
    public void runHere(Thread loop) {
        long begun = System.nanoTime();
        var batch = owner.guard().locked(() -> takeHere(loop, begun));
        while (batch != null) {
            runHere(batch);
            batch = owner.guard().locked(() -> takeHere(loop, begun));
        }
    }

    private void runHere(Batch batch) {
        long since = System.nanoTime();
        try {
            execution.run(batch);
        } catch (RuntimeException | Error thrown) { // as on a worker, nobody is left waiting
            batch.members().forEach(member -> member.fail(thrown));
            throw thrown;
        } finally {
            owner.guard().run(() -> leaveHere(batch, System.nanoTime() - since));
        }
    }

    /**
     * What this event loop runs next; nothing if workers run the model by now, or it has been at it for long. They are
     * offered the rest then.
     */
    private @Nullable Batch takeHere(Thread loop, long begun) {
        var batch = System.nanoTime() - begun < RunPace.TURN_NANOS
                ? queue.next(waiting -> waiting.loop() == loop && onLoops(waiting), pace.most())
                : null;
        if (batch == null) {
            gathering.offer();
            return null;
        }
        batch.members().forEach(member -> member.joined(batch));
        hosts++;
        return batch;
    }

    private void leaveHere(Batch batch, long nanos) {
        hosts--;
        pace.ended(nanos, batch.members().size(), batch.inputBytes());
        occupancy.leave(batch.members().size());
    }

    @Override
    public void locked(Runnable action) {
        owner.guard().run(action);
    }

    /** One batch after the other, each taken when the one before is answered. Called on a worker. */
    private final class Turn implements Callable<Boolean> {
        private @Nullable Batch batch;
        private WorkerPool.@Nullable Place place;
        private boolean over;
        private long since; // when its batch was taken

        Future<Boolean> run(WorkerPool.Place worker) {
            place = worker;
            return worker.run(this);
        }

        /** The requests that its run answers. Called with the lock held. */
        List<Inference> members() {
            return batch == null ? List.of() : batch.members();
        }

        @Override
        public Boolean call() {
            try {
                var taken = owner.guard().locked(this::begin);
                while (taken != null) {
                    execution.run(taken);
                    taken = owner.guard().locked(this::next);
                }
            } finally {
                if (owner.guard().locked(this::end)) {
                    model.close();
                }
            }
            return true;
        }

        private @Nullable Batch begin() {
            begun++;
            running.add(this);
            return take();
        }

        private @Nullable Batch take() {
            var taken = queue.next();
            batch = taken;
            if (taken != null) {
                taken.members().forEach(member -> member.joined(taken));
                since = System.nanoTime();
                pace.begins(since);
            }
            return taken;
        }

        /** The batch that this worker stays for: none when work of another model waits for a worker. */
        private @Nullable Batch next() {
            if (over) {
                return null;
            }
            ended();
            batch = null;
            if (pool.waiting() > 0 || !gathering.ready()) {
                return null;
            }
            var taken = take();
            gathering.offer();
            return taken;
        }

        private void ended() {
            if (batch != null) {
                pace.ended(System.nanoTime() - since, batch.members().size(), batch.inputBytes());
                occupancy.leave(batch.members().size());
            }
        }

        /** Called with the lock held. Whether the model is to be closed: this was the last lost run of one gone. */
        private boolean end() {
            if (over) {
                boolean close = occupancy.found();
                owner.lossChanged().run();
                return close;
            }
            leave();
            ended();
            gathering.offer();
            return false;
        }

        private void leave() {
            begun--;
            turns--;
            over = true;
            running.remove(this);
        }

        /** Called with the lock held, for a run that was stopped and has not come back. */
        private void giveUp(Batch stopped) {
            if (over || stopped.over() || batch == null || place == null) {
                return;
            }
            leave();
            occupancy.lose(batch.members().size());
            place.giveUp();
            owner.lossChanged().run();
            var name = model.metadata().name() + " version " + model.metadata().version();
            LOG.error(
                    "model {}: a stopped run did not come back, {} in all; its worker was given up",
                    name,
                    occupancy.lost());
            batch.members()
                    .forEach(member ->
                            member.fail(occupancy.fault(model.metadata().name())));
            gathering.offer();
        }

        /** The pool took no turn any more, or the run ended in an error of the JVM: who waits for this turn is told. */
        private void failed(Throwable failure) {
            var unanswered = owner.guard().locked(() -> {
                if (over) {
                    return batch;
                }
                turns--;
                var next = queue.next();
                occupancy.leave(next == null ? 0 : next.members().size());
                return next;
            });
            if (unanswered != null) {
                unanswered.members().forEach(member -> member.fail(failure));
            }
        }
    }
}
