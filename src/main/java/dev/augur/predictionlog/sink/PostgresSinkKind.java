package dev.augur.predictionlog.sink;

import dev.augur.setting.Section;

/** The kind {@code postgres}: records in a table of PostgreSQL. Thread-safe. */
public final class PostgresSinkKind implements SinkKind {
    static final String NAME = "postgres";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Opening<?> read(Section settings) {
        var config = PostgresConfig.read(settings);
        return new Opening<>(config.limits(), vertx -> new PostgresSink(vertx, config));
    }
}
