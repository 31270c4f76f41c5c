package dev.augur.statement;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a node says that speaks another version between nodes. Immutable, thread-safe. */
public final class ForeignStatementException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable ForeignNode node;

    ForeignStatementException(JsonObject statement, int spoken) {
        super(ForeignNode.text(statement, "node") + " " + is(statement, spoken), null, false, false);
        this.node = ForeignNode.of(statement, "it " + is(statement, spoken));
    }

    private static String is(JsonObject statement, int spoken) {
        return "is Augur " + ForeignNode.text(statement, "version") + ", whose nodes speak version " + spoken
                + " with one another, this one version " + StatementJson.WIRE;
    }

    /** The node, as far as it can be understood. */
    public Optional<ForeignNode> node() {
        return Optional.ofNullable(node);
    }
}
