package dev.augur.predictionlog.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.KafkaProcess;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A topic of a real broker, and a sink for it. */
record KafkaTopic(KafkaProcess kafka, String name) {
    /** One that nobody uses; it is not made yet. */
    static KafkaTopic absent(KafkaProcess kafka) {
        return new KafkaTopic(kafka, "t-" + UUID.randomUUID());
    }

    static KafkaTopic create(KafkaProcess kafka, int partitions, Map<String, String> settings) throws Exception {
        var topic = absent(kafka);
        kafka.create(topic.name, partitions, settings);
        return topic;
    }

    KafkaSink sink(Vertx vertx) {
        return sink(vertx, kafka.address(), Map.of());
    }

    KafkaSink sink(Vertx vertx, String broker, Map<String, String> properties) {
        return new KafkaSink(vertx, config(broker, properties), new SentIds());
    }

    /** One of several of a process. */
    KafkaSink sink(Vertx vertx, SentIds sent) {
        return new KafkaSink(vertx, config(kafka.address(), Map.of()), sent);
    }

    private KafkaConfig config(String broker, Map<String, String> properties) {
        var limits = new SinkLimits(500, Duration.ofSeconds(1), Duration.ofMillis(200));
        return new KafkaConfig(List.of(broker), name, properties, limits);
    }

    List<ConsumerRecord<String, byte[]>> messages() {
        return kafka.messages(name);
    }

    /**
     * The topic has records with the seqs from 1 to that, in order once what comes again is left out: by its id, or by
     * its seq.
     */
    void hasAll(long count) {
        var first = new LinkedHashMap<String, Long>();
        long last = 0;
        for (var message : messages()) {
            long seq = Long.parseLong(header(message, "seq"));
            first.putIfAbsent(message.key(), seq);
            assertThat(seq).isLessThanOrEqualTo(last + 1);
            last = Math.max(last, seq);
        }
        assertThat(first.values())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, count).boxed().toList());
    }

    static @Nullable String header(ConsumerRecord<?, ?> message, String name) {
        var header = message.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
