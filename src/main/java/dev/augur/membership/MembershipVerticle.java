package dev.augur.membership;

import dev.augur.bus.Addresses;
import dev.augur.error.Repeated;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.statement.ForeignNode;
import dev.augur.statement.ForeignStatementException;
import dev.augur.statement.HeardNodes;
import dev.augur.statement.NodeStatement;
import dev.augur.statement.StatementJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what this node is, at once when that changes and every now and then, and keeps what the others say. One that
 * leaves says so; one that has said nothing for long is forgotten. Confined to one event loop; {@link #say} may be
 * called on any thread.
 */
public final class MembershipVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(MembershipVerticle.class);
    /** A node that counts as not answering is forgotten after so many times that silence. */
    private static final int FORGOTTEN_AFTER = 15;

    private static final int MOST_FORGOTTEN = 100;
    /** Changes that come together are said together. */
    private static final long CHANGES_MILLIS = 20;

    private static final String ASKS = "asks";

    private final MembershipConfig config;
    private final Nodes nodes;
    private final ModelRegistry models;
    private final String name;
    private final String startedAtText;
    /** Those that were forgotten, and when they had started: one that says something again has not started again. */
    private final Map<String, Instant> forgotten = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MOST_FORGOTTEN;
        }
    };

    private Events events;
    private MessageConsumer<JsonObject> consumer;
    private FirstHearing hearing;
    private boolean saying;
    private boolean stopped;
    private long namesakes;
    private long unreadable;

    /** The membership of one node; its vertx need not be clustered. */
    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    public MembershipVerticle(MembershipConfig config, Nodes nodes, ModelRegistry models) {
        this.config = config;
        this.nodes = nodes;
        this.models = models;
        this.name = nodes.self().node();
        this.startedAtText = nodes.self().identity().startedAt().toString();
    }

    @Override
    public Future<?> start() {
        events = new Events(vertx);
        models.onChange(this::say);
        if (!nodes.clustered()) {
            events.tell(Events.Kind.JOINED, name);
            return Future.succeededFuture();
        }
        HeardNodes.here(vertx).put(name, true);
        hearing = new FirstHearing(vertx, config, nodes);
        consumer = vertx.eventBus().consumer(Addresses.NODES, this::hear);
        vertx.setPeriodic(config.interval().toMillis(), tick -> tick());
        return consumer.completion()
                .onSuccess(known -> {
                    publish(ASKS);
                    events.tell(Events.Kind.JOINED, name);
                })
                .compose(asked -> hearing.begin());
    }

    /** Everything else of the node has stopped. */
    @Override
    public Future<?> stop() {
        stopped = true;
        events.tell(Events.Kind.DRAINED, name);
        events.tell(Events.Kind.LEFT, name);
        if (consumer == null) {
            return Future.succeededFuture();
        }
        HeardNodes.here(vertx).remove(name);
        publish(StatementJson.LEAVES);
        return consumer.unregister().otherwiseEmpty();
    }

    /** Something has changed: the others are told, a little later. */
    public void say() {
        context.runOnContext(turn -> {
            if (!saying && !stopped) {
                saying = true;
                vertx.setTimer(CHANGES_MILLIS, later -> {
                    saying = false;
                    sayNow();
                });
            }
        });
    }

    /** The others, and whoever listens to events, are told how it is now. */
    public Future<Void> sayAtOnce() {
        Promise<Void> said = Promise.promise();
        context.runOnContext(turn -> {
            sayNow();
            said.complete();
        });
        return said.future();
    }

    private void sayNow() {
        if (stopped) {
            return;
        }
        var self = nodes.self();
        events.models(name, self.models());
        if (nodes.clustered()) {
            publish(self, "");
        }
    }

    private void tick() {
        sayNow();
        Duration longest = config.silence().multipliedBy(FORGOTTEN_AFTER);
        for (NodeStatement gone : nodes.forgetSilent(longest)) {
            LOG.warn("cluster: {} has said nothing for {} s and is forgotten", gone.node(), longest.toSeconds());
            forgotten.put(gone.node(), gone.identity().startedAt());
            tellOf(Events.Kind.LEFT, gone.node());
        }
    }

    private void publish(String flag) {
        publish(nodes.self(), flag);
    }

    private void publish(NodeStatement self, String flag) {
        var said = StatementJson.said(self);
        vertx.eventBus().publish(Addresses.NODES, flag.isEmpty() ? said : said.put(flag, true));
    }

    private void hear(Message<JsonObject> message) {
        NodeStatement said;
        try {
            if (comesBack(message.body())) {
                return;
            }
            said = StatementJson.read(message.body());
        } catch (RuntimeException e) {
            if (e instanceof ForeignStatementException foreign) {
                foreign.node().ifPresent(node -> hearForeign(node, message.body()));
            }
            if (Repeated.tells(++unreadable)) {
                LOG.warn(
                        "cluster: what a node says cannot be read, and it is not asked ({} times): {}",
                        unreadable,
                        String.valueOf(e.getMessage()));
            }
            return;
        }
        if (said.node().equals(name)) {
            hearNamesake(said);
            return;
        }
        if (message.body().getBoolean(StatementJson.LEAVES, /* def= */ false)) {
            if (nodes.forget(said.node())) {
                LOG.info("cluster: {} has left", said.node());
            }
            return;
        }
        keep(said);
        if (message.body().getBoolean(ASKS, /* def= */ false)) {
            publish("");
        }
    }

    private void hearForeign(ForeignNode node, JsonObject said) {
        if (Boolean.TRUE.equals(said.getValue(StatementJson.LEAVES))) {
            nodes.forgetForeign(node.node());
        } else {
            nodes.heard(node);
            hearing.heard();
        }
    }

    /** What this node says reaches it, too. */
    private boolean comesBack(JsonObject body) {
        return name.equals(body.getString("node")) && startedAtText.equals(body.getString("started_at"));
    }

    private void keep(NodeStatement said) {
        var before = nodes.heard(said);
        hearing.heard();
        if (before == null) {
            LOG.info("cluster: {} {} is there", said.node(), said.identity().roles());
            if (said.identity().startedAt().equals(forgotten.remove(said.node()))) {
                tellOf(Events.Kind.JOINED, said.node());
            }
        }
    }

    /** Data directories are copied now and then, and the name stands in them. */
    private void hearNamesake(NodeStatement said) {
        if (Repeated.tells(++namesakes)) {
            LOG.error(
                    "cluster: another node at {} calls itself {} too, as with a copy of this one's data directory;"
                            + " remove the file \"node\" from one of them and start it again",
                    said.identity().places().url(),
                    name);
        }
    }

    /** What has happened to a node that cannot tell is told by one of those that see it: the first by name. */
    private void tellOf(Events.Kind kind, String node) {
        boolean first = nodes.others().stream()
                .filter(nodes::answers)
                .map(other -> other.statement().node())
                .filter(other -> !other.equals(node))
                .allMatch(other -> name.compareTo(other) < 0);
        if (first) {
            events.tell(kind, node);
        }
    }
}
