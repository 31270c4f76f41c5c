package dev.augur.run;

import dev.augur.testkit.CutNetwork;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that is cut for some seconds, in the long form for a minute; in CI it has to be there. */
class PartitionTest {
    @TempDir
    Path directory;

    @Test
    void bothSidesAnswerWhileTheyAreCutOffAndAreWholeAgainSoon() throws Exception {
        String reason = CutNetwork.whyNot();
        if (reason != null) {
            String told = "a cut network needs unshare, nsenter and ip, and the right to make networks: " + reason;
            if (System.getenv("CI") != null) {
                throw new AssertionError(told);
            }
            System.out.println("PartitionTest is skipped: " + told);
            Assumptions.abort(told);
        }
        try (var cluster = new CutCluster(directory)) {
            cluster.holds(Duration.ofSeconds(Form.of(4, 60)));
        }
    }
}
