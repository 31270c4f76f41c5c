package dev.augur.console;

/**
 * The console of a node. Thread-safe.
 *
 * @param enabled whether there is one
 * @param streams how many pages may look at the same time
 * @param runRequests how many requests a page may have sent at once
 */
public record ConsoleConfig(boolean enabled, int streams, int runRequests) {}
