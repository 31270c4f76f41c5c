package dev.augur.statement;

import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.ToIntFunction;

/** The power of two choices: of two that are drawn by lot, the one that has less to do. Thread-safe. */
public final class LessLoaded {
    private LessLoaded() {}

    /**
     * One of these.
     *
     * @param some at least one
     * @param load what each has to do
     */
    public static <T> T of(List<T> some, ToIntFunction<T> load) {
        if (some.size() == 1) {
            return some.get(0);
        }
        Random random = ThreadLocalRandom.current();
        int first = random.nextInt(some.size());
        int second = random.nextInt(some.size() - 1);
        var one = some.get(first);
        var other = some.get(second < first ? second : second + 1); // never the same twice
        return load.applyAsInt(one) <= load.applyAsInt(other) ? one : other;
    }
}
