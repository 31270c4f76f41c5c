package dev.augur.cluster;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipAdapter;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when one node speaks TLS and another does not: Hazelcast lets both in, and neither hears the other on the event
 * bus. Programs that are no nodes do not say it. Thread-safe.
 */
final class TlsAgreement extends MembershipAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(TlsAgreement.class);
    private static final String ATTRIBUTE = "augur.tls";

    private final String own;

    private TlsAgreement(Cluster cluster) {
        this.own = String.valueOf(cluster.getLocalMember().getAttribute(ATTRIBUTE));
        cluster.getMembers().forEach(this::compare);
    }

    /** This node's part, which goes with its name in the list of members. */
    static void say(Config config, boolean spoken) {
        var unused = config.getMemberAttributeConfig().setAttribute(ATTRIBUTE, String.valueOf(spoken));
    }

    /** Looks at the members that are there and at those that come. */
    static void look(HazelcastInstance hazelcast) {
        var cluster = hazelcast.getCluster();
        var unused = cluster.addMembershipListener(new TlsAgreement(cluster));
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        compare(event.getMember());
    }

    private void compare(Member member) {
        String theirs = member.getAttribute(ATTRIBUTE);
        if (theirs != null && !theirs.equals(own)) {
            LOG.warn(
                    "cluster: the node at {} {}, this one {}: neither hears the other (cluster.tls)",
                    member.getAddress().getHost(),
                    spoken(theirs),
                    spoken(own));
        }
    }

    private static String spoken(String attribute) {
        return Boolean.parseBoolean(attribute) ? "speaks TLS" : "does not speak TLS";
    }
}
