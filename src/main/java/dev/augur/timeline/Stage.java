package dev.augur.timeline;

import java.util.List;
import java.util.Locale;

/** What a request for a prediction goes through, in order. Thread-safe. */
public enum Stage {
    /** Its features, or the tutorial's metadata, are fetched. */
    FETCH(0),
    /** It waits for a worker. */
    QUEUE(1),
    /** The model runs. */
    PREDICT(2),
    /** The bytes of its answer are made. */
    ENCODE(3),
    /** They are sent. */
    ANSWER(4),
    /** It is written to the prediction log: before the answer where that waits for it, or after it. */
    RECORD(5);

    /** All of them. */
    public static final List<Stage> ALL = List.of(values());

    private final int place;
    private final String text = name().toLowerCase(Locale.ROOT);

    Stage(int place) {
        this.place = place;
    }

    /** Its place among all, from 0 on. */
    public int place() {
        return place;
    }

    /** As headers, records and the console call it. */
    public String text() {
        return text;
    }
}
