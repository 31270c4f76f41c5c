package dev.augur.statement;

import dev.augur.bus.Addresses;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of itself. Immutable, thread-safe.
 *
 * @param identity what does not change while it runs
 * @param load what changes with its requests
 * @param models at most {@link #MOST_SERVED}
 * @param pipelines at most {@link #MOST_SERVED}
 */
public record NodeStatement(Identity identity, Load load, List<ServedModel> models, List<ServedPipeline> pipelines) {
    /** Models, and pipelines, that a node tells of. */
    public static final int MOST_SERVED = 1_000;

    public NodeStatement {
        models = List.copyOf(models);
        pipelines = List.copyOf(pipelines);
    }

    /**
     * Which node it is.
     *
     * @param node its name, the same after a restart
     * @param version of Augur
     * @param roles in small letters
     * @param startedAt tells a start from the one before
     * @param places where it is reached
     * @param writer whose log it writes; empty if it writes none
     */
    public record Identity(
            String node,
            String version,
            List<String> roles,
            Instant startedAt,
            Places places,
            Optional<String> writer) {
        public Identity {
            roles = List.copyOf(roles);
        }
    }

    /**
     * Where a node is reached.
     *
     * @param url by clients; empty on a node that is not
     * @param peers by other nodes, {@code host:port}; empty on a node that is not
     * @param key what those show there; another one at each start
     * @param bus over the event bus, for what it is asked alone; empty on a node that predicts nothing
     */
    public record Places(String url, String peers, String key, Optional<BusPlace> bus) {}

    /**
     * Where one node alone is asked over the event bus.
     *
     * @param silence who has said nothing for so long does not answer
     */
    public record BusPlace(String address, Duration silence) {}

    /**
     * What a node does now.
     *
     * @param inFlight predictions that wait or run
     * @param draining whether it takes no new ones
     */
    public record Load(int inFlight, boolean draining) {}

    /** Its name. */
    public String node() {
        return identity.node();
    }

    /**
     * Whether it has what stands behind a public address of the event bus.
     *
     * @param version of the model; {@code null} for any
     */
    public boolean answersAt(String address, @Nullable String version) {
        return models.stream()
                        .anyMatch(model -> model.ready()
                                && address.endsWith(model.name())
                                && Addresses.model(model.name()).equals(address)
                                && (version == null || version.equals(model.version())))
                || pipelines.stream()
                        .anyMatch(pipeline -> pipeline.ready()
                                && address.endsWith(pipeline.name())
                                && Addresses.pipeline(pipeline.name()).equals(address));
    }
}
