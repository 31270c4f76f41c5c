package dev.augur.run;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.augur.testkit.CutNetwork;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that is cut for some seconds; {@link ClusterUnderStress} cuts it for a minute. */
class PartitionTest {
    @TempDir
    Path directory;

    @Test
    void bothSidesAnswerWhileTheyAreCutOffAndAreWholeAgainSoon() throws Exception {
        String reason = CutNetwork.whyNot();
        assumeTrue(reason == null, reason);
        try (var cluster = new CutCluster(directory)) {
            cluster.holds(Duration.ofSeconds(4));
        }
    }
}
