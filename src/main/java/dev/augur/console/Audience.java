package dev.augur.console;

/** The pages that look by way of one router. Called on its event loop. */
@FunctionalInterface
public interface Audience {
    /** Gives an event to each page that has room for it. */
    void show(Event event);
}
