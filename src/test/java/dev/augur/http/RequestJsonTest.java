package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.TestServer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON as tools on other systems write it, read the same on every route. */
class RequestJsonTest {
    /** A route, and a request it takes. */
    private static final Map<String, String> REQUESTS = Map.of(
            "/double", "{\"item_id\":43,\"feature_value\":21.0}",
            "/predict/wine", "{\"item_id\":43}",
            "/predictions/none/outcome", "{\"outcome\":1}",
            "/v2/repository/index", "{\"ready\":true}",
            "/v2/repository/models/iris/load", "{\"parameters\":{}}",
            "/v2/models/iris/infer",
                    "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}");

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void inEveryEncodingOfUnicodeWithAMarkAndWithout(String encoding) throws Exception {
        for (var request : REQUESTS.entrySet()) {
            for (String mark : new String[] {"", "\uFEFF"}) {
                byte[] body = (mark + request.getValue()).getBytes(Charset.forName(encoding));
                assertThat(status(request.getKey(), body))
                        .as(request.getKey() + mark)
                        .isEqualTo(expected(request.getKey()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "' %s ' | 0",
                "'\r\n\t%s\r\n' | 0",
                "%s x | 400",
                "%s{} | 400",
                "/* a */ %s | 400",
                "%s // a | 400",
                "\u00A0%s | 400",
            })
    void aloneOrWithWhiteSpace(String form, int status) throws Exception {
        for (var request : REQUESTS.entrySet()) {
            var body =
                    String.format(form.translateEscapes(), request.getValue()).getBytes(StandardCharsets.UTF_8);
            assertThat(status(request.getKey(), body))
                    .as(request.getKey())
                    .isEqualTo(status == 0 ? expected(request.getKey()) : status);
        }
    }

    @Test
    void butNoKeyTwice() throws Exception {
        for (var request : REQUESTS.entrySet()) {
            var body =
                    request.getValue().replaceFirst("\\{", "{\"z\":1,\"z\":2,").getBytes(StandardCharsets.UTF_8);
            assertThat(status(request.getKey(), body)).as(request.getKey()).isIn(400, 422);
            var deep = request.getValue()
                    .replaceFirst("\\{", "{\"z\":[{\"y\":1,\"y\":2}],")
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(status(request.getKey(), deep)).as(request.getKey()).isIn(400, 422);
        }
    }

    @Test
    void notANumberIsReadEverywhereAndNamedWhereItCannotBe() throws Exception {
        assertThat(body(
                        "/v2/models/iris/infer",
                        REQUESTS.get("/v2/models/iris/infer")
                                .replace("5.1", "NaN")
                                .replaceFirst("\\{", "{\"outputs\":[{\"name\":\"label\"}],")))
                .contains("\"model_name\":\"iris\"");
        assertThat(body("/double", "{\"item_id\":43,\"feature_value\":NaN,\"other\":-Infinity}"))
                .contains("finite_number", "feature_value");
        assertThat(body("/predict/wine", "{\"item_id\":43,\"features\":{\"alcohol\":NaN}}"))
                .contains("feature_type", "alcohol");
        assertThat(body("/predict/wine", "{\"item_id\":43,\"note\":NaN}")).contains("\"prediction\"");
        assertThat(body("/predictions/none/outcome", "{\"outcome\":{\"a\":NaN}}"))
                .contains("finite");
        assertThat(body("/v2/repository/index", "{\"ready\":NaN}")).contains("must be true or false");
    }

    private static int expected(String path) {
        return path.startsWith("/predictions") ? 404 : 200;
    }

    private static int status(String path, byte[] body) throws Exception {
        return server.postBytes(path, body, Map.of()).statusCode();
    }

    private static String body(String path, String body) throws Exception {
        return server.post(path, body).body();
    }
}
