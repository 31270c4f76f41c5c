package dev.augur.predictionlog.sink;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A topic of Kafka. Thread-safe.
 *
 * @param brokers some of the cluster's, each as {@code host:port}
 * @param properties of Kafka's producer, over Augur's own defaults; they may hold secrets
 */
public record KafkaConfig(List<String> brokers, String topic, Map<String, String> properties, SinkLimits limits) {
    /** What a topic may be called. */
    public static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    /** How a broker is named. */
    public static final Pattern BROKER = Pattern.compile("([a-zA-Z0-9._-]+|\\[[0-9a-fA-F:]+(%\\w+)?]):\\d{1,5}");

    public KafkaConfig {
        brokers = List.copyOf(brokers);
        properties = Map.copyOf(properties);
        if (!TOPIC.matcher(topic).matches()) {
            throw new IllegalArgumentException("no name of a topic: " + topic);
        }
    }

    /** Without the properties. */
    @Override
    public String toString() {
        return topic + " of " + String.join(", ", brokers);
    }
}
