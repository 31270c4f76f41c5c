package dev.augur.access;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of this moment. Immutable, thread-safe. */
final class Keys {
    static final Keys NONE = new Keys(List.of());

    private final Map<String, AccessKey> byId;

    Keys(List<AccessKey> keys) {
        this.byId = keys.stream().collect(Collectors.toUnmodifiableMap(AccessKey::id, Function.identity()));
    }

    int count() {
        return byId.size();
    }

    /** The key that somebody shows; {@code null} if it is none of these, also when it has expired. */
    @Nullable
    Principal holder(String shown, Instant now) {
        String id = AccessKey.idIn(shown);
        var key = id == null ? null : byId.get(id);
        if (key == null || !key.is(shown)) {
            return null;
        }
        return key.expires() == null || now.isBefore(key.expires()) ? key.principal() : null;
    }
}
