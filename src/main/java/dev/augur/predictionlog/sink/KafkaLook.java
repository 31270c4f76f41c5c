package dev.augur.predictionlog.sink;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Looks which records a topic has already, in all partitions, by their keys. Used by one worker; blocks. */
final class KafkaLook {
    /** A broker that stamps messages itself may be behind the clock of a node. */
    private static final long CLOCKS_MILLIS = 60_000;

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConfig config;

    KafkaLook(KafkaConfig config) {
        this.config = config;
    }

    /**
     * What was seen.
     *
     * @param ids of records that the topic has
     * @param whole whether everything was read; else the time of a batch was over
     */
    record Seen(Set<String> ids, boolean whole) {
        Seen {
            ids = Set.copyOf(ids);
        }
    }

    /**
     * Those of some records that the topic has now.
     *
     * @param ids of the records
     * @param sinceMillis no message of one is older
     * @throws org.apache.kafka.common.errors.AuthorizationException if this node may not read the topic
     * @throws org.apache.kafka.common.KafkaException if the topic cannot be read now
     */
    Seen among(Set<String> ids, long sinceMillis) {
        long until = System.nanoTime() + config.limits().timeout().toNanos();
        try (var consumer = new KafkaConsumer<byte[], byte[]>(KafkaProperties.reading(config))) {
            var ends = new HashMap<>(consumer.endOffsets(partitions(consumer)));
            consumer.assign(ends.keySet());
            begins(consumer, ends, sinceMillis).forEach(consumer::seek);
            var found = new HashSet<String>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() - until > 0) {
                    return new Seen(found, false);
                }
                consumer.poll(POLL).forEach(message -> {
                    var id = text(message.key());
                    if (ids.contains(id)) {
                        found.add(id);
                    }
                });
            }
            return new Seen(found, true);
        }
    }

    private List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer) {
        return consumer.partitionsFor(config.topic()).stream()
                .map(partition -> new TopicPartition(config.topic(), partition.partition()))
                .toList();
    }

    private static Map<TopicPartition, Long> begins(
            KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> ends, long sinceMillis) {
        var times = new HashMap<TopicPartition, Long>();
        ends.keySet().forEach(partition -> times.put(partition, Math.max(0, sinceMillis - CLOCKS_MILLIS)));
        var begins = new HashMap<TopicPartition, Long>();
        consumer.offsetsForTimes(times)
                .forEach((partition, begin) -> begins.put(partition, offset(begin, ends.getOrDefault(partition, 0L))));
        return begins;
    }

    private static long offset(@Nullable OffsetAndTimestamp begin, long end) {
        return begin == null ? end : begin.offset(); // none where all messages are older
    }

    private static String text(byte @Nullable [] key) {
        return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }
}
