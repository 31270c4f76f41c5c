package dev.augur.load;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The floor under any server on Vert.x: one route per target, which reads the body's numbers and answers what another
 * server answered to the first row, byte for byte. No model, no checks, no limits, no meters. Its argument is a file of
 * lines {@code {"path": …, "answer": …}}. The program prints where it serves. Confined to one event loop.
 */
public final class BareServer extends VerticleBase {
    private static final int SHARED_FREE_PORT = -1;

    private final List<JsonObject> routes;

    private BareServer(List<JsonObject> routes) {
        this.routes = routes;
    }

    /** Starts an instance on each core. */
    public static void main(String[] arguments) throws IOException {
        var routes = Files.readAllLines(Path.of(arguments[0])).stream()
                .map(JsonObject::new)
                .toList();
        var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        var instances =
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
        vertx.deployVerticle(() -> new BareServer(routes), instances).onFailure(failure -> {
            System.out.println("cannot start: " + failure);
            vertx.close();
        });
    }

    @Override
    public Future<?> start() {
        var router = Router.router(vertx);
        for (JsonObject route : routes) {
            var answer = Buffer.buffer(route.getString("answer"));
            router.post(route.getString("path")).handler(ctx -> handle(ctx, answer));
        }
        return vertx.createHttpServer()
                .requestHandler(router)
                .listen(SHARED_FREE_PORT, "127.0.0.1")
                .onSuccess(server -> System.out.println("ready at http://127.0.0.1:" + server.actualPort()));
    }

    private static void handle(RoutingContext ctx, Buffer answer) {
        ctx.request()
                .body()
                .map(BareServer::read)
                .compose(numbers -> ctx.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(answer))
                .onFailure(ctx::fail);
    }

    private static float[] read(Buffer body) {
        try {
            return RowReader.read(body.getBytes());
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
