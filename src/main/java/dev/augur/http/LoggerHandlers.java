package dev.augur.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.error.Shown;
import dev.augur.logging.Levels;
import dev.augur.protocol.RequestJson;
import dev.augur.request.InvalidJson;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /loggers}: the levels of the process's log, until it ends. Thread-safe. */
final class LoggerHandlers {
    /** More than any body that is right. */
    static final int MAX_BODY_BYTES = 1 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(LoggerHandlers.class);
    private static final String LEVEL = "level";
    private static final int SHOWN_CHARS = 100;

    private LoggerHandlers() {}

    /** {@code GET /loggers}. */
    static void all(RoutingContext ctx) {
        var levels = new JsonObject();
        Levels.set().forEach(levels::put);
        Exchange.answer(ctx, levels.toBuffer());
    }

    /** {@code POST /loggers/{logger}} with a level, or with null for the one of the package around it. */
    static void set(RoutingContext ctx) {
        String name = ctx.pathParam("logger");
        String level = level(Exchange.of(ctx).body());
        if (level == null && Levels.ROOT.equals(name)) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    "\"level\" of ROOT must be one of " + String.join(", ", Levels.ALL) + ", found null");
        }
        if (!Levels.set(name, level)) {
            throw new ServingException(
                    ErrorCode.NOT_FOUND,
                    "no logger \"" + Shown.beginning(name, SHOWN_CHARS)
                            + "\"; expected ROOT, or a package or class that has logged or may log");
        }
        String now = Levels.of(name).orElseThrow();
        LOG.info("the level of {} is {} now", name, now);
        Exchange.answer(
                ctx, new JsonObject().put("logger", name).put(LEVEL, now).toBuffer());
    }

    private static @Nullable String level(byte[] body) {
        var level = tree(body).path(LEVEL);
        if (level.isNull()) {
            return null;
        }
        if (!Levels.ALL.contains(level.asText())) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    "\"level\" must be null or one of " + String.join(", ", Levels.ALL) + ", found "
                            + (level.isMissingNode() ? "nothing" : Shown.beginning(level.toString(), SHOWN_CHARS)));
        }
        return level.asText();
    }

    private static JsonNode tree(byte[] body) {
        try {
            return RequestJson.exactTree(body);
        } catch (JsonProcessingException e) {
            throw InvalidJson.of(e);
        } catch (IOException e) {
            throw InvalidJson.at(0, "not valid UTF-8");
        }
    }
}
