package dev.augur.predictionlog.sink;

import dev.augur.setting.Section;

/** The kind {@code kafka}: records in a topic of Kafka. Thread-safe. */
public final class KafkaSinkKind implements SinkKind {
    static final String NAME = "kafka";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Opening<?> read(Section settings) {
        var config = KafkaConfig.read(settings);
        var sent = new SentIds(); // one for all writers that this process follows
        return new Opening<>(config.limits(), vertx -> new KafkaSink(vertx, config, sent));
    }
}
