package dev.augur.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A time as an operator writes it: with a zone, or without one in that of the machine. Immutable, thread-safe.
 *
 * @param note what was taken for what, where there was no zone
 */
record GivenTime(Instant instant, Optional<String> note) {
    static GivenTime of(String text, ZoneId here) {
        try {
            return new GivenTime(OffsetDateTime.parse(text).toInstant(), Optional.empty());
        } catch (DateTimeException withoutZone) {
            var time = LocalDateTime.parse(text).atZone(here).toOffsetDateTime();
            return new GivenTime(
                    time.toInstant(), Optional.of(text + " is taken as " + time + ", by this machine's zone, " + here));
        }
    }

    /** For options. One thread. */
    static final class Converter implements ITypeConverter<GivenTime> {
        @Override
        public GivenTime convert(String text) {
            try {
                return of(text, ZoneId.systemDefault());
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "expected a time such as 2026-01-31T12:00:00Z, found \"" + text + "\"");
            }
        }
    }
}
