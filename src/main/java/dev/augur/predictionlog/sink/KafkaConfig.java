package dev.augur.predictionlog.sink;

import dev.augur.setting.Section;
import java.time.Duration;
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
    static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    /** How a broker is named. */
    private static final Pattern BROKER = Pattern.compile("([a-zA-Z0-9._-]+|\\[[0-9a-fA-F:]+(%\\w+)?]):\\d{1,5}");

    /** A batch waits for the topic and then for its answers, and Vert.x warns of a worker that is held for a minute. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final String STANDARD_TOPIC = "augur.predictions";
    private static final List<String> STANDARD_BROKERS = List.of("127.0.0.1:9092");

    public KafkaConfig {
        brokers = List.copyOf(brokers);
        properties = Map.copyOf(properties);
        if (!TOPIC.matcher(topic).matches()) {
            throw new IllegalArgumentException("no name of a topic: " + topic);
        }
    }

    /** What a section says; problems are left with it. */
    public static KafkaConfig read(Section settings) {
        var config = new KafkaConfig(
                brokers(settings),
                topic(settings),
                settings.map("properties"),
                SinkLimits.read(settings, Duration.ofSeconds(10), LONGEST));
        if (!config.properties().isEmpty()) { // the producer's classes take a while to load
            KafkaProperties.problems(config).forEach(problem -> settings.problem("properties", problem));
        }
        return config;
    }

    private static List<String> brokers(Section settings) {
        var brokers = settings.list("bootstrap-servers", STANDARD_BROKERS);
        for (String broker : brokers) {
            if (!BROKER.matcher(broker).matches()) {
                settings.problem(
                        "bootstrap-servers",
                        "\"" + broker + "\" is not allowed, expected host and port, such as "
                                + STANDARD_BROKERS.get(0));
            }
        }
        if (brokers.isEmpty()) {
            settings.problem("bootstrap-servers", "expected at least one broker");
        }
        return brokers.isEmpty() ? STANDARD_BROKERS : brokers;
    }

    private static String topic(Section settings) {
        String topic = settings.text("topic", STANDARD_TOPIC);
        if (TOPIC.matcher(topic).matches()) {
            return topic;
        }
        settings.problem(
                "topic", "\"" + topic + "\" is not allowed, expected up to 249 letters, digits, dots, - and _");
        return STANDARD_TOPIC;
    }

    /** Without the properties. */
    @Override
    public String toString() {
        return topic + " of " + String.join(", ", brokers);
    }
}
