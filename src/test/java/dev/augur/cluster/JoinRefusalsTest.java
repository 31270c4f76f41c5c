package dev.augur.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What Hazelcast's log says of programs that may not join, in words. */
class JoinRefusalsTest {
    private static final String FROM =
            "[127.0.0.1]:8401 [augur] [5.3.8] Received an invalid join request from " + "[127.0.0.1]:5701, cause: ";

    @Test
    void saysWhatTheOtherProgramHasToChange() {
        assertThat(JoinRefusals.inWords("augur", FROM + "Incompatible partition count! expected: null, found: 31"))
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith("the program at [127.0.0.1]:5701 was not let into the cluster \"augur\": "
                                + "its hazelcast.partition.count is 31, the cluster's is not set"));
        assertThat(JoinRefusals.inWords("augur", FROM + "members part of different cluster"))
                .hasValueSatisfying(line -> assertThat(line).contains("expected setClusterName(\"augur\")"));
        assertThat(JoinRefusals.inWords("augur", FROM + "Incompatible joiners! expected: tcp-ip, found: multicast"))
                .hasValueSatisfying(line -> assertThat(line).contains("multicast switched off"));
        assertThat(JoinRefusals.inWords("augur", FROM + "something else"))
                .hasValueSatisfying(line -> assertThat(line).contains("\"augur\": something else"));
    }

    @Test
    void passesOverAllElse() {
        assertThat(JoinRefusals.inWords("augur", "CP Subsystem is not enabled."))
                .isEmpty();
    }
}
