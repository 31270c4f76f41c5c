package peer;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Models behind Spring Boot as one writes it: a controller, records for the JSON, the model on the request's thread. No
 * checks, no limits, no batches. Its arguments are files of models. It prints where it serves. Thread-safe.
 */
@SpringBootApplication
@RestController
public class SpringBootPeer {
    private static final int BEFORE_NAME = 3;
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final Map<String, OrtSession> models = new HashMap<>();

    /** Opens the models, each with one thread inside. */
    public SpringBootPeer(ApplicationArguments arguments) throws OrtException {
        for (String argument : arguments.getNonOptionArgs()) {
            var file = Path.of(argument);
            try (var options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(1);
                options.setInterOpNumThreads(1);
                var name = file.getName(file.getNameCount() - BEFORE_NAME).toString();
                models.put(name, environment.createSession(argument, options));
            }
        }
    }

    /** Serves on a free port, on virtual threads where there are any, for as many connections as the others take. */
    public static void main(String[] files) {
        var application = new SpringApplication(SpringBootPeer.class);
        application.setDefaultProperties(Map.of(
                "server.address", "127.0.0.1",
                "server.port", "0",
                "server.tomcat.max-connections", "10000",
                "server.tomcat.max-keep-alive-requests", "-1",
                "spring.threads.virtual.enabled", Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS,
                "spring.main.banner-mode", "off",
                "logging.level.root", "WARN"));
        application.run(files);
    }

    /** Tells the port. */
    @EventListener
    public void ready(WebServerInitializedEvent event) {
        System.out.println("ready at http://127.0.0.1:" + event.getWebServer().getPort());
    }

    /** Runs a model. */
    @PostMapping("/v2/models/{model}/infer")
    public Response infer(@PathVariable("model") String model, @RequestBody Request request) throws OrtException {
        var inputs = new HashMap<String, OnnxTensor>();
        try {
            for (Input input : request.inputs()) {
                var numbers = FloatBuffer.wrap(input.data());
                inputs.put(input.name(), OnnxTensor.createTensor(environment, numbers, input.shape()));
            }
            try (var result = models.get(model).run(inputs)) {
                var outputs = new ArrayList<Output>();
                for (var output : result) {
                    outputs.add(output(output.getKey(), (OnnxTensor) output.getValue()));
                }
                return new Response(model, "1", outputs);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static Output output(String name, OnnxTensor tensor) {
        long[] shape = tensor.getInfo().getShape();
        if (tensor.getInfo().type == OnnxJavaType.FLOAT) {
            var numbers = tensor.getFloatBuffer();
            float[] data = new float[numbers.remaining()];
            numbers.get(data);
            return new Output(name, "FP32", shape, data);
        }
        var numbers = tensor.getLongBuffer();
        long[] data = new long[numbers.remaining()];
        numbers.get(data);
        return new Output(name, "INT64", shape, data);
    }

    /** The protocol's request, as far as it is read. */
    public record Request(List<Input> inputs) {}

    /** An input. */
    public record Input(String name, long[] shape, String datatype, float[] data) {}

    /** The protocol's answer. */
    public record Response(
            @JsonProperty("model_name") String modelName,
            @JsonProperty("model_version") String modelVersion,
            List<Output> outputs) {}

    /** An output; its data are numbers of its type. */
    public record Output(String name, String datatype, long[] shape, Object data) {}
}
