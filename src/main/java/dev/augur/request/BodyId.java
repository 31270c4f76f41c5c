package dev.augur.request;

import dev.augur.error.ServingException;
import dev.augur.protocol.RequestJson;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The id in a body that is refused for what else it holds: its record is to have it, too. Thread-safe. */
public final class BodyId {
    private volatile @Nullable String id;

    /** What the reader makes of the body; if it refuses that, the id is looked for alone. */
    public <T> T kept(byte[] body, Callable<T> reader) throws Exception {
        try {
            return reader.call();
        } catch (ServingException refusal) {
            id = RequestJson.id(body);
            throw refusal;
        }
    }

    /** The id of a body that was refused, if it was and has one. */
    public @Nullable String get() {
        return id;
    }
}
