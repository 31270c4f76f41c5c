package dev.augur.membership;

import dev.augur.statement.NodeStatement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What nodes of tests say of themselves. */
final class Statements {
    private Statements() {}

    static NodeStatement of(String node) {
        return new NodeStatement(
                new NodeStatement.Identity(
                        node,
                        "1.0.0",
                        List.of("http"),
                        Instant.EPOCH,
                        new NodeStatement.Places("", "", "", Optional.empty()),
                        Optional.empty()),
                new NodeStatement.Load(0, /* draining= */ false),
                List.of(),
                List.of());
    }
}
