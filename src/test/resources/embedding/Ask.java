import dev.augur.client.AugurClient;
import dev.augur.client.Endpoint;
import dev.augur.inference.InferenceRequest;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** A program that has the client alone: asks a pipeline and a model of the node at the URL that it is given. */
public final class Ask {
    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        var augur = AugurClient.overHttp(vertx, Endpoint.of(arguments[0]));
        var request = InferenceRequest.of("iris", Tensor.ofFloats("features", Shape.of(1, 4), 5.1f, 3.5f, 1.4f, 0.2f));
        augur.predict("wine", new JsonObject().put("item_id", 43))
                .onSuccess(answer -> System.out.println(answer.getString("label")))
                .compose(answer -> augur.infer(request))
                .onSuccess(response -> System.out.println(response.outputs().get(0).name()))
                .onFailure(Throwable::printStackTrace)
                .eventually(vertx::close);
    }
}
