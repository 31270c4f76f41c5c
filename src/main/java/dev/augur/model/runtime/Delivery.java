package dev.augur.model.runtime;

import dev.augur.tensor.Tensor;
import io.vertx.core.Context;
import java.util.BitSet;
import java.util.List;

/**
 * The results of one run on their way to their callers. All that wait on one event loop get theirs in one of its turns:
 * the loop is woken once for a batch, and the answers leave one right behind the other. (One turn for each request
 * costs half of what a small model can serve.) Begun on a worker, ends on event loops.
 */
final class Delivery {
    private final List<Inference> members;
    private final List<List<Tensor>> results;

    /** Each member's result, in the order of the members. */
    Delivery(List<Inference> members, List<List<Tensor>> results) {
        this.members = members;
        this.results = results;
    }

    /** Sends everything on its way. */
    void begin() {
        var sent = new BitSet(members.size());
        for (int i = 0; i < members.size(); i = sent.nextClearBit(i)) {
            var together = together(i);
            sent.or(together);
            var context = members.get(i).context();
            context.runOnContext(turn -> together.stream().forEach(member -> complete(context, member)));
        }
    }

    /** This member, and those behind it that wait on the same event loop. */
    private BitSet together(int first) {
        var together = new BitSet(members.size());
        together.set(first);
        var loop = members.get(first).loop();
        for (int i = first + 1; loop != null && i < members.size(); i++) {
            together.set(i, members.get(i).loop() == loop);
        }
        return together;
    }

    /** A caller that throws is its context's affair, and nobody else's. */
    private void complete(Context context, int member) {
        try {
            members.get(member).complete(results.get(member));
        } catch (RuntimeException thrown) {
            context.runOnContext(turn -> {
                throw thrown;
            });
        }
    }
}
