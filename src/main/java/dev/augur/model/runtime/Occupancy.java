package dev.augur.model.runtime;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Who is inside a model. A request is, from its admission until it has left the queue unanswered or the worker that ran
 * it is out of the model, whether or not its caller still waits. A run that was given up counts apart: nobody waits for
 * it, but the model may not be closed under it, which would crash the process. Guarded by its owner's lock.
 */
final class Occupancy {
    private int inside;
    private int lost;
    private boolean closed;
    private @Nullable Promise<Void> retired;

    /** Whether no further request may enter. */
    boolean retiring() {
        return retired != null;
    }

    void enter() {
        inside++;
    }

    void leave(int requests) {
        inside -= requests;
        if (inside == 0 && retired != null) {
            retired.tryComplete();
        }
    }

    /** One request may have left; whether it has. */
    boolean left(boolean one) {
        leave(one ? 1 : 0);
        return one;
    }

    /** Nobody may enter any more; done when nobody is inside. */
    Future<Void> retire() {
        if (retired == null) {
            retired = Promise.promise();
        }
        leave(0);
        return retired.future();
    }

    /** Runs that were given up and have not come back. */
    int lost() {
        return lost;
    }

    /** What is wrong when too many are lost. */
    ServingException fault(String model) {
        return new ServingException(
                ErrorCode.UNAVAILABLE,
                "model \"" + model + "\": " + lost + " of its runs were stopped and do not come back");
    }

    /** The run of so many requests is given up. */
    void lose(int requests) {
        lost++;
        leave(requests);
    }

    /** A run came back after it was given up; whether the model is to be closed now. */
    boolean found() {
        lost--;
        return closed && mayClose();
    }

    /**
     * Whether the model can be closed; otherwise it is when the last lost run comes back, or never if anybody else is
     * inside.
     */
    boolean close() {
        closed = true;
        return mayClose();
    }

    private boolean mayClose() {
        return lost == 0 && inside == 0;
    }
}
