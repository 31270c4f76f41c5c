import dev.augur.Server;
import dev.augur.client.AugurClient;
import dev.augur.config.ConfigLoader;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** A program with a server inside, and only the libraries that its settings need. */
public final class Embedded {
    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        var config = ConfigLoader.load(System.getenv(), Map.of("http.port", "0", "console.enabled", "false", "http.docs", "false"));
        Server.start(vertx, config)
                .compose(server -> AugurClient.overEventBus(vertx)
                        .predict("wine", new JsonObject().put("item_id", 43))
                        .onSuccess(answer -> System.out.println(answer.getString("label")))
                        .eventually(server::stop))
                .onFailure(Throwable::printStackTrace)
                .eventually(vertx::close);
    }
}
