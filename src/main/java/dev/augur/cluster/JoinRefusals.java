package dev.augur.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.logging.LogEvent;
import com.hazelcast.logging.LogListener;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in words of these pages which program was not let into the cluster, and what it has to change. Hazelcast has no
 * event for it but its log. Thread-safe.
 */
final class JoinRefusals implements LogListener {
    private static final Logger LOG = LoggerFactory.getLogger(JoinRefusals.class);
    private static final int REMEMBERED = 100;
    private static final Pattern REFUSED =
            Pattern.compile("Received an invalid join request from (\\S+), cause: (.*)", Pattern.DOTALL);
    private static final Pattern PARTITIONS = Pattern.compile(".*partition count! expected: (\\S+), found: (\\S+).*");

    private final String cluster;
    private final Set<String> told = Collections.synchronizedSet(Collections.newSetFromMap(new Newest()));

    private JoinRefusals(String cluster) {
        this.cluster = cluster;
    }

    static void tell(HazelcastInstance hazelcast) {
        hazelcast
                .getLoggingService()
                .addLogListener(
                        Level.WARNING, new JoinRefusals(hazelcast.getConfig().getClusterName()));
    }

    @Override
    public void log(LogEvent event) {
        inWords(cluster, String.valueOf(event.getLogRecord().getMessage()))
                .filter(told::add)
                .ifPresent(LOG::warn);
    }

    /** What a line of Hazelcast's log says, if it is about a program that may not join. */
    static Optional<String> inWords(String cluster, String line) {
        var refused = REFUSED.matcher(line);
        return refused.find()
                ? Optional.of("the program at " + refused.group(1) + " was not let into the cluster \"" + cluster
                        + "\": " + reason(cluster, refused.group(2)) + " (src/docs/EVENT-BUS.md, Join a cluster)")
                : Optional.empty();
    }

    private static String reason(String cluster, String cause) {
        var partitions = PARTITIONS.matcher(cause);
        if (partitions.matches()) {
            return "its hazelcast.partition.count is " + orUnset(partitions.group(2)) + ", the cluster's is "
                    + orUnset(partitions.group(1));
        }
        if (cause.contains("different cluster")) {
            return "its cluster has another name, expected setClusterName(\"" + cluster + "\")";
        }
        if (cause.contains("Incompatible joiners")) {
            return "it looks for others by another way than TCP/IP with multicast switched off (" + cause + ")";
        }
        return cause;
    }

    private static String orUnset(String value) {
        return value.equals("null") ? "not set" : value;
    }

    /** The newest of what was told. */
    private static final class Newest extends LinkedHashMap<String, Boolean> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }
}
