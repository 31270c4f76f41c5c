package dev.augur;

import dev.augur.config.Role;
import dev.augur.membership.NodeStatement;
import dev.augur.membership.ServedPipeline;
import dev.augur.model.runtime.ModelRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** What a node says of itself, made anew each time. Thread-safe. */
final class SelfDescription implements Supplier<NodeStatement> {
    private final String node;
    private final List<String> roles;
    private final Instant startedAt = Instant.now();
    private final String key = UUID.randomUUID().toString();
    private final ModelRegistry models;
    private final Parts parts;

    /**
     * What the node is made of, as far as it is known by now; each is called on any thread.
     *
     * @param url where clients reach it
     * @param peers where other nodes reach it
     * @param writer whose log it writes
     */
    record Parts(
            Supplier<Optional<String>> url,
            Supplier<String> peers,
            Supplier<Optional<String>> writer,
            Supplier<Boolean> draining,
            Supplier<List<ServedPipeline>> pipelines) {}

    SelfDescription(String node, Set<Role> roles, ModelRegistry models, Parts parts) {
        this.node = node;
        this.roles = roles.stream()
                .sorted()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .toList();
        this.models = models;
        this.parts = parts;
    }

    @Override
    public NodeStatement get() {
        return new NodeStatement(
                new NodeStatement.Identity(
                        node,
                        Server.version(),
                        roles,
                        startedAt,
                        new NodeStatement.Places(
                                parts.url().get().orElse(""), parts.peers().get(), key),
                        parts.writer().get()),
                new NodeStatement.Load(
                        NodeStatement.inFlight(models), parts.draining().get()),
                NodeStatement.models(models),
                parts.pipelines().get());
    }
}
