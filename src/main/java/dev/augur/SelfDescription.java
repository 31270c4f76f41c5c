package dev.augur;

import dev.augur.config.Role;
import dev.augur.error.Shown;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.statement.NodeStatement;
import dev.augur.statement.ServedModel;
import dev.augur.statement.ServedPipeline;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** What a node says of itself, made anew each time. Thread-safe. */
final class SelfDescription implements Supplier<NodeStatement> {
    private static final int REASON_CHARS = 200;

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
     * @param bus where it alone is asked over the event bus
     * @param writer whose log it writes
     */
    record Parts(
            Supplier<Optional<String>> url,
            Supplier<String> peers,
            Optional<NodeStatement.BusPlace> bus,
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
                                parts.url().get().orElse(""), parts.peers().get(), key, parts.bus()),
                        parts.writer().get()),
                new NodeStatement.Load(inFlight(), parts.draining().get()),
                models.entries().stream()
                        .limit(NodeStatement.MOST_SERVED)
                        .map(SelfDescription::served)
                        .toList(),
                parts.pipelines().get());
    }

    private int inFlight() {
        return models.loaded().stream()
                .mapToInt(runner -> runner.running() + runner.waiting())
                .sum();
    }

    private static ServedModel served(ModelRegistry.Entry entry) {
        return new ServedModel(
                entry.name(),
                entry.version(),
                entry.state().text(),
                entry.state() == ModelRegistry.State.UNLOADED,
                Shown.beginning(entry.reason(), REASON_CHARS));
    }
}
