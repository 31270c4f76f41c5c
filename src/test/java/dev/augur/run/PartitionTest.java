package dev.augur.run;

import dev.augur.testkit.CutNetwork;
import dev.augur.testkit.Needed;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that is cut for some seconds, in the long form for a minute; in CI it has to be there. */
class PartitionTest {
    @TempDir
    Path directory;

    @Test
    void bothSidesAnswerWhileTheyAreCutOffAndAreWholeAgainSoon() throws Exception {
        String reason = CutNetwork.whyNot();
        Needed.isThere(
                reason == null,
                "a cut network needs unshare, nsenter and ip, and the right to make networks: " + reason);
        try (var cluster = new CutCluster(directory)) {
            cluster.holds(Duration.ofSeconds(Form.of(4, 60)));
        }
    }
}
