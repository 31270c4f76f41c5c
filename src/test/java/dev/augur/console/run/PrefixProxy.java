package dev.augur.console.run;

import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;

/** A proxy that serves a server below {@code /augur/}. Its handlers run on one event loop. */
final class PrefixProxy {
    private static final String PREFIX = "/augur";

    private final int target;
    private final HttpClient client;
    private final HttpServer server;

    private PrefixProxy(Vertx vertx, int target) {
        this.target = target;
        this.client = vertx.createHttpClient();
        this.server = vertx.createHttpServer().requestHandler(this::pass);
    }

    static PrefixProxy start(Vertx vertx, int target) throws Exception {
        var proxy = new PrefixProxy(vertx, target);
        TestServer.await(proxy.server.listen(0, "127.0.0.1"));
        return proxy;
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + PREFIX + "/";
    }

    private void pass(HttpServerRequest request) {
        if (!request.uri().startsWith(PREFIX + "/")) {
            request.response().setStatusCode(404).end();
            return;
        }
        request.pause();
        var options = new RequestOptions()
                .setMethod(request.method())
                .setPort(target)
                .setHost("127.0.0.1")
                .setURI(request.uri().substring(PREFIX.length()));
        client.request(options)
                .compose(passed -> {
                    passed.headers().setAll(request.headers());
                    request.response().exceptionHandler(left -> passed.reset().onFailure(over -> {}));
                    return passed.send(request);
                })
                .compose(answer -> {
                    request.response()
                            .setStatusCode(answer.statusCode())
                            .headers()
                            .setAll(answer.headers());
                    return answer.pipeTo(request.response());
                })
                .onFailure(failure -> request.connection().close());
    }
}
