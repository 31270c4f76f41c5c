package dev.augur.logging;

import org.jspecify.annotations.Nullable;

/**
 * One field of a line of the access log. Immutable.
 *
 * @param value a text, a number or a boolean; {@code null} for a field that the line does not have
 */
public record Field(String name, @Nullable Object value) {}
