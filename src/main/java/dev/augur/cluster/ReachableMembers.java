package dev.augur.cluster;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.TcpIpConfig;
import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where Hazelcast looks for members. While the node joins, that is wherever one may be, by addresses: Hazelcast
 * would wait for each name that no server answers for, and for each port. A program that listens there and is no
 * member is left out, which Hazelcast would ask for a minute. Later, when Hazelcast looks for the other part of a
 * network that was cut, it waits five seconds at each address where nobody is, one after another, and no setting
 * changes that: so it is told only those that take a connection, of those that may be and of those that were
 * members. Thread-safe; asked on a thread of Hazelcast's own, which it holds for the time of a search at most.
 */
final class ReachableMembers extends TcpIpConfig {
    private static final Logger LOG = LoggerFactory.getLogger(ReachableMembers.class);
    private static final int REMEMBERED = 1_000;
    /** A member that is there and does not greet for so long counts as no member, so that a start goes on. */
    private static final Duration GREETING_PATIENCE = Duration.ofSeconds(5);

    private static final long KNOWN_NANOS = TimeUnit.SECONDS.toNanos(10); // as long as the JDK knows of no address

    private final Set<String> wereMembers = Collections.synchronizedSet(Collections.newSetFromMap(new Newest()));
    private final Names names;
    private final ClusterConfig.Patience patience;
    private final Listeners listeners;
    private volatile @Nullable Known known;
    private volatile @Nullable Cluster cluster;

    ReachableMembers(List<String> mayBe, int connectionTimeoutSeconds, Names names, ClusterConfig.Patience patience) {
        this.names = names;
        this.patience = patience;
        this.listeners = new Listeners(names, patience.search());
        var unused = setEnabled(true).setMembers(mayBe).setConnectionTimeoutSeconds(connectionTimeoutSeconds);
    }

    /** The node has joined. */
    void joined(HazelcastInstance hazelcast) {
        var joined = hazelcast.getCluster();
        var unused = joined.addMembershipListener(new MembershipAdapter() {
            @Override
            public void memberAdded(MembershipEvent event) {
                remember(event.getMember());
            }
        });
        joined.getMembers().forEach(this::remember);
        cluster = joined;
    }

    @Override
    public List<String> getMembers() {
        var mayBe = super.getMembers();
        var now = cluster;
        if (now == null) {
            return inNumbers(mayBe);
        }
        var others = new LinkedHashSet<>(mayBe);
        synchronized (wereMembers) {
            others.addAll(wereMembers);
        }
        var members = now.getMembers().stream()
                .map(member -> text(member.getAddress()))
                .collect(Collectors.toSet());
        others.removeAll(members);
        var found = new ArrayList<>(listeners.of(List.copyOf(others)));
        found.removeAll(members); // a name may stand for one of them
        found.removeAll(OtherPrograms.among(found, patience.search()));
        return List.copyOf(found);
    }

    /** Where others may be, while the node joins; it is asked for that several times. */
    private record Known(List<String> places, long untilNanos) {}

    private List<String> inNumbers(List<String> mayBe) {
        var last = known;
        if (last == null || last.untilNanos() - System.nanoTime() < 0) {
            last = new Known(withoutOthers(names.inNumbers(mayBe, patience.dns())), System.nanoTime() + KNOWN_NANOS);
            known = last;
        }
        return last.places();
    }

    private static List<String> withoutOthers(List<String> places) {
        var others = OtherPrograms.among(places, GREETING_PATIENCE);
        for (String other : others) {
            LOG.warn(
                    "cluster: the program that listens at {} is no member, and is not asked"
                            + " (cluster.members, cluster.port-count)",
                    other);
        }
        return places.stream().filter(place -> !others.contains(place)).toList();
    }

    private void remember(Member member) {
        var unused = wereMembers.add(text(member.getAddress()));
    }

    private static String text(Address address) {
        String host = address.getHost();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** The newest members. */
    private static final class Newest extends LinkedHashMap<String, Boolean> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }
}
