package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.PostgresProcess;
import dev.augur.testkit.RedisProcess;
import dev.augur.testkit.TestServer;
import dev.augur.testkit.Wines;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Stores that are reached by an address of IPv6, from a server that listens on one. */
@ExtendWith(VertxExtension.class)
class StoresOnIpv6Test {
    @Test
    void featuresComeFromThere(Vertx vertx) throws Exception {
        var postgres = PostgresProcess.start();
        var redis = RedisProcess.start("--bind", "127.0.0.1", "::1");
        var row = new JsonObject(Map.copyOf(Wines.rows().get(0L))).toBuffer();
        var http = TestServer.await(vertx.createHttpServer()
                .requestHandler(request -> request.response().end(row).onComplete(sent -> {}))
                .listen(0, "::1"));
        try {
            postgres.execute(vertx, Wines.sql("wine"));
            Wines.fill(redis, vertx);
            var stores = Map.of(
                    "sql",
                    "{kind: sql, host: '::1', port: " + postgres.port() + ", database: " + PostgresProcess.DATABASE
                            + ", user: " + PostgresProcess.USER + ", password: " + PostgresProcess.PASSWORD
                            + ", table: wine, key-column: id, lookup: {timeout: 20s}}",
                    "redis",
                    "{kind: redis, host: '::1', port: " + redis.port()
                            + ", key-template: 'wine:{id}', lookup: {timeout: 20s}}",
                    "http",
                    "{kind: http, url: 'http://[::1]:" + http.actualPort() + "/{id}', lookup: {timeout: 20s}}");
            try (var server = Wines.serve(stores, "http.host=::1")) {
                assertThat(server.server().url().orElseThrow()).startsWith("http://[::1]:");
                for (String store : stores.keySet()) {
                    var answer = server.post("/predict/" + store, "{\"item_id\":0}");
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                }
            }
        } finally {
            postgres.close();
            redis.close();
        }
    }
}
