package dev.augur.predictionlog.sink;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Looks which records a topic has already, in all partitions, by their keys. Used by one worker; blocks. */
final class KafkaLook {
    /** A broker that stamps messages itself may be behind the clock of a node. */
    private static final long CLOCKS_MILLIS = 60_000;

    private static final Duration POLL = Duration.ofMillis(200);
    private static final String TOO_MUCH = "it has got more since than is read in the time of a batch";

    private final KafkaConfig config;

    KafkaLook(KafkaConfig config) {
        this.config = config;
    }

    /**
     * What was seen.
     *
     * @param ids of records that the topic has
     * @param gap why not everything was read; empty if it was
     */
    record Seen(Set<String> ids, String gap) {
        Seen {
            ids = Set.copyOf(ids);
        }

        /** Nothing, for this reason. */
        static Seen nothing(String reason) {
            return new Seen(Set.of(), reason);
        }

        boolean whole() {
            return gap.isEmpty();
        }
    }

    /**
     * Those of some records that the topic has now. Takes little more than the time of a batch.
     *
     * @param ids of the records
     * @param sinceMillis no message of one is older
     * @throws org.apache.kafka.common.errors.RetriableException if the brokers do not answer now
     * @throws org.apache.kafka.common.KafkaException if the topic cannot be read
     */
    Seen among(Set<String> ids, long sinceMillis) {
        var consumer = new KafkaConsumer<byte[], byte[]>(KafkaProperties.reading(config));
        try {
            var all = consumer.partitionsFor(config.topic());
            var readable = all.stream()
                    .filter(partition -> partition.leader() != null)
                    .map(partition -> new TopicPartition(config.topic(), partition.partition()))
                    .toList();
            var found = new HashSet<String>();
            boolean whole = read(consumer, readable, sinceMillis, message -> {
                if (ids.contains(message)) {
                    found.add(message);
                }
            });
            String gap = readable.size() < all.size() ? "a partition of it has no leader" : "";
            return new Seen(found, whole ? gap : TOO_MUCH);
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    /** Whether everything was read; else the time is over. */
    private boolean read(
            KafkaConsumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions,
            long sinceMillis,
            Consumer<String> each) {
        var ends = consumer.endOffsets(partitions);
        consumer.assign(partitions);
        begins(consumer, ends, sinceMillis).forEach(consumer::seek);
        long patience = config.limits().timeout().toNanos();
        long began = System.nanoTime();
        long last = began;
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            long now = System.nanoTime();
            if (now - last > patience / 2) {
                throw new TimeoutException("no broker sent anything for half the time of a batch");
            }
            if (now - began > patience) {
                return false;
            }
            var messages = consumer.poll(POLL);
            messages.forEach(message -> each.accept(text(message.key())));
            last = messages.isEmpty() ? last : now;
        }
        return true;
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
