package dev.augur.predictionlog.sink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What Kafka's producer, and the consumer that looks into the topic, are told: Augur's defaults, over them what the
 * operator chose, over that what the promise rests on. Thread-safe.
 */
public final class KafkaProperties {
    private static final int REQUEST_BYTES = 256 << 10;
    private static final int GATHER_MILLIS = 5;
    private static final int FETCH_BYTES = 1 << 20;
    private static final int CALLS_OF_A_LOOK = 4; // that may each take their whole time
    /** How Kafka itself takes secrets from files and the environment. */
    private static final String PROVIDERS = "config.providers";

    private KafkaProperties() {}

    /** What is wrong with the operator's properties, in words; no value of a secret is among them. */
    public static List<String> problems(KafkaConfig config) {
        var problems = new ArrayList<String>();
        var fixed = fixed(config);
        for (String name : new TreeSet<>(config.properties().keySet())) {
            if (fixed.containsKey(name) || name.equals(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) {
                problems.add("\"" + name + "\" cannot be chosen, the sink depends on it");
            } else if (!name.startsWith(PROVIDERS)
                    && !ProducerConfig.configNames().contains(name)) {
                problems.add("\"" + name + "\" is no property of Kafka's producer");
            }
        }
        try {
            var unused = new ProducerConfig(all(config));
        } catch (KafkaException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return problems;
    }

    static Map<String, Object> all(KafkaConfig config) {
        var all = new HashMap<String, Object>(Map.of(
                ProducerConfig.CLIENT_ID_CONFIG,
                "augur",
                ProducerConfig.BATCH_SIZE_CONFIG,
                REQUEST_BYTES,
                ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG,
                "",
                ProducerConfig.ENABLE_METRICS_PUSH_CONFIG,
                false));
        all.putAll(config.properties());
        all.putAll(fixed(config));
        return all;
    }

    /** What Kafka's consumer is told that looks into the topic: of the operator's properties those that it has, too. */
    static Map<String, Object> reading(KafkaConfig config) {
        int timeout = Math.toIntExact(config.limits().timeout().toMillis());
        var all = new HashMap<String, Object>();
        config.properties().forEach((name, value) -> {
            boolean known = ConsumerConfig.configNames().contains(name) || name.startsWith(PROVIDERS);
            if (known && !name.equals(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG)) { // they would be a producer's
                all.put(name, value);
            }
        });
        all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, String.join(",", config.brokers()));
        all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"); // where retention was faster
        all.put(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        all.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        all.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout / CALLS_OF_A_LOOK);
        all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout / CALLS_OF_A_LOOK);
        return all;
    }

    /** One request on its way at a time: what comes after a message that failed has not been sent then. */
    private static Map<String, Object> fixed(KafkaConfig config) {
        int timeout = Math.toIntExact(config.limits().timeout().toMillis());
        return Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                String.join(",", config.brokers()),
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1,
                ProducerConfig.LINGER_MS_CONFIG,
                GATHER_MILLIS,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                timeout,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                timeout / 2,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                timeout);
    }
}
