package dev.augur.feature.redis;

import dev.augur.feature.FeatureStore;
import dev.augur.feature.FeatureVector;
import dev.augur.feature.Unusable;
import dev.augur.feature.remote.KeyText;
import dev.augur.feature.remote.Lifeline;
import dev.augur.feature.remote.Unavailable;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Features in hashes of Redis, one hash for each entity; many are asked for in one round trip. It connects at the first
 * fetch; a server that is away makes fetches fail until it is back. A hash that has none of the fields is of an unknown
 * entity, as is a missing one; a key that holds something else than a hash is the fault of its entity alone.
 * Thread-safe.
 */
public final class RedisFeatureStore implements FeatureStore {
    private static final Unusable NO_HASH = Unusable.entity("is no hash in Redis");

    private final RedisStoreConfig config;
    private final List<String> fields;
    private final Lifeline<Redis> lifeline;

    public RedisFeatureStore(Vertx vertx, RedisStoreConfig config) {
        this.config = config;
        this.fields = List.copyOf(config.fields().keySet());
        this.lifeline = new Lifeline<>(
                vertx, new RedisRemote(vertx, config), config.limits().patience());
    }

    @Override
    public Future<Map<Object, FeatureVector>> fetch(Set<Object> entityKeys) {
        Instant askedAt = Instant.now();
        var keys = new ArrayList<Object>();
        var requests = new ArrayList<Request>();
        for (Object key : entityKeys) {
            String text = KeyText.of(key, config.limits().maxKeyBytes());
            if (text != null) {
                keys.add(key);
                requests.add(request(config.hash(text)));
            }
        }
        if (keys.isEmpty()) {
            return Future.succeededFuture(withImpossible(Map.of(), entityKeys, keys, askedAt));
        }
        return lifeline.call(client -> answers(client, requests))
                .map(answers -> vectors(keys, answers, askedAt))
                .map(found -> withImpossible(found, entityKeys, keys, askedAt));
    }

    /** A batch fails as a whole when one key holds something else than a hash; then each is asked for by itself. */
    private static Future<List<Reply>> answers(Redis client, List<Request> requests) {
        return client.batch(requests)
                .map(answers -> answers.stream().map(Reply::new).toList())
                .recover(failure -> RedisRefusal.isOfAnotherType(failure)
                        ? oneByOne(client, requests)
                        : Future.failedFuture(failure));
    }

    private static Future<List<Reply>> oneByOne(Redis client, List<Request> requests) {
        return client.connect().compose(connection -> Future.all(requests.stream()
                        .map(request -> connection.send(request).map(Reply::new))
                        .map(reply -> reply.recover(RedisFeatureStore::ofOneKey))
                        .toList())
                .map(CompositeFuture::<Reply>list)
                .eventually(connection::close));
    }

    private static Future<Reply> ofOneKey(Throwable failure) {
        return RedisRefusal.isOfAnotherType(failure)
                ? Future.succeededFuture(new Reply(null, /* isHash= */ false))
                : Future.failedFuture(failure);
    }

    /** What Redis says of one key. */
    private record Reply(@Nullable Response hash, boolean isHash) {
        private Reply(@Nullable Response hash) {
            this(hash, /* isHash= */ true);
        }
    }

    @Override
    public int maxKeys() {
        return config.limits().maxKeys();
    }

    @Override
    public Future<Void> close() {
        return lifeline.close();
    }

    private Request request(String hash) {
        if (fields.isEmpty()) {
            return Request.cmd(Command.HGETALL).arg(hash);
        }
        var request = Request.cmd(Command.HMGET).arg(hash);
        fields.forEach(request::arg);
        return request;
    }

    private Map<Object, FeatureVector> vectors(List<Object> keys, List<Reply> answers, Instant askedAt) {
        var vectors = new HashMap<Object, FeatureVector>();
        for (int i = 0; i < keys.size(); i++) {
            Object key = keys.get(i);
            var answer = answers.get(i);
            if (!answer.isHash()) {
                vectors.put(key, FeatureVector.unusable(key, NO_HASH, askedAt));
                continue;
            }
            Map<String, Object> values = values(answer.hash());
            if (!values.isEmpty()) {
                vectors.put(key, new FeatureVector(key, values, askedAt));
            }
        }
        return vectors;
    }

    private Map<Object, FeatureVector> withImpossible(
            Map<Object, FeatureVector> found, Set<Object> entityKeys, List<Object> asked, Instant askedAt) {
        var why = Unusable.key(KeyText.unfit(config.limits().maxKeyBytes()));
        var all = new HashMap<>(found);
        entityKeys.stream()
                .filter(key -> asked.size() < entityKeys.size() && !asked.contains(key))
                .forEach(key -> all.put(key, FeatureVector.unusable(key, why, askedAt)));
        return all;
    }

    private Map<String, Object> values(@Nullable Response answer) {
        var values = new HashMap<String, Object>();
        if (answer == null || answer.type() != ResponseType.MULTI || wrongSize(answer)) {
            throw Unavailable.of(config.name(), "the answer is not that of a hash");
        }
        if (fields.isEmpty()) {
            answer.getKeys().forEach(name -> put(values, name, answer.get(name)));
        } else {
            for (int i = 0; i < fields.size(); i++) {
                put(values, fields.get(i), answer.get(i));
            }
        }
        return values;
    }

    /** One value for each field, or names and values by turns. */
    private boolean wrongSize(Response answer) {
        return fields.isEmpty() ? answer.size() % 2 != 0 : !answer.isArray() || answer.size() != fields.size();
    }

    private void put(Map<String, Object> values, String name, @Nullable Response field) {
        if (field == null) {
            return;
        }
        byte[] bytes = field.toBytes();
        if (bytes.length > config.limits().maxValueBytes()) {
            values.put(name, Unusable.tooLarge(config.limits().maxValueBytes()));
            return;
        }
        String text = text(bytes);
        values.put(
                name,
                text == null
                        ? Unusable.not("a text in UTF-8")
                        : config.fields().getOrDefault(name, FieldType.INFERRED).read(text));
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }
}
