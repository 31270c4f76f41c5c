package dev.augur.http;

import dev.augur.console.ConsoleVerticle;
import dev.augur.console.Event;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.time.Deadlines;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /console/stream}: the open pages of one router. A page has what its connection has room for; an event that
 * it has none for is lost and counted, and a page that reads nothing for too long is cut off. Confined to one event
 * loop.
 */
final class ConsoleStreams implements Handler<RoutingContext> {
    private static final long LAST_WORD_MILLIS = 500;
    private static final String RETRY = "retry: 1000\n\n"; // milliseconds

    private final ConsoleVerticle console;
    private final Outlet outlet;
    private final String basePath;
    private final Set<Page> open = new LinkedHashSet<>();

    /**
     * The pages of one router.
     *
     * @param basePath below which its routes are
     */
    ConsoleStreams(ConsoleVerticle console, Outlet outlet, String basePath) {
        this.basePath = basePath;
        this.console = console;
        this.outlet = outlet;
    }

    /** Has the events given to the pages on this event loop. */
    void join(Context loop) {
        console.join(loop, event -> open.forEach(page -> page.show(event)));
    }

    /** What the pages have the node send to itself. */
    ConsoleRuns runs() {
        return new ConsoleRuns(console, basePath);
    }

    @Override
    public void handle(RoutingContext ctx) {
        boolean head = ctx.request().method().equals(HttpMethod.HEAD);
        if (!head && !console.enter()) {
            throw new ServingException(
                    ErrorCode.OVERLOADED,
                    "the console is open " + console.limit() + " times, as often as console.streams allows");
        }
        ctx.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Accel-Buffering", "no"); // nginx would hold events back
        if (head) {
            ctx.response().end();
        } else {
            open(ctx);
        }
    }

    private void open(RoutingContext ctx) {
        var page = new Page(ctx);
        open.add(page);
        Exchange.of(ctx).gone().onComplete(over -> {
            open.remove(page);
            page.unread(null);
            console.leave();
        });
        Exchange.of(ctx).goesOn();
        page.begin();
    }

    /** Ends them all; what is not read soon is cut off. */
    void endAll() {
        var all = List.copyOf(open);
        all.forEach(page -> page.ctx.response().end());
        if (!all.isEmpty()) {
            Vertx.currentContext().owner().setTimer(LAST_WORD_MILLIS, late -> all.stream()
                    .filter(open::contains)
                    .forEach(page -> outlet.cut(page.ctx)));
        }
    }

    /** One page that looks. */
    private final class Page {
        private final RoutingContext ctx;
        private long dropped;
        private Deadlines<RoutingContext>.@Nullable Wait unread; // while it has no room

        private Page(RoutingContext ctx) {
            this.ctx = ctx;
        }

        private void begin() {
            ctx.response().setChunked(true).write(RETRY);
            show(console.hello());
        }

        private void show(Event event) {
            var response = ctx.response();
            if (response.ended() || response.closed()) {
                return;
            }
            if (response.writeQueueFull()) {
                dropped++;
                console.lose();
                if (unread == null) {
                    unread(outlet.unread(ctx));
                    response.drainHandler(read -> unread(null));
                }
            } else {
                response.write(event.forPage(dropped));
            }
        }

        private void unread(Deadlines<RoutingContext>.@Nullable Wait next) {
            if (unread != null) {
                unread.end();
            }
            unread = next;
        }
    }
}
