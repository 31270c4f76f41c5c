package dev.augur.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which heads of requests and which origins an operator may let in. */
class HttpSettingsTest {
    @Test
    void idleConnectionsOutliveThoseOfLoadBalancers() throws Exception {
        var http = ConfigLoader.load(Map.of(), Map.of()).http();
        assertThat(http.limits().idleTimeout()).hasSeconds(75);
        assertThat(http.heads().headerBytes()).isEqualTo(64 << 10);
        assertThat(http.cors().origins()).isEmpty();
    }

    @Test
    void bodiesHaveNoMoreMemoryThanThereIsOutsideTheHeap() throws Exception {
        long heap = Runtime.getRuntime().maxMemory();
        assertThat(ConfigLoader.load(Map.of(), Map.of()).http().limits().bodyMemoryBytes())
                .isEqualTo(heap / 4);
        var most = Map.of("http.body-memory", String.valueOf(heap / 4 * 3));
        assertThat(ConfigLoader.load(Map.of(), most).http().limits().bodyMemoryBytes())
                .isEqualTo(heap / 4 * 3);
        var more = Map.of("http.body-memory", String.valueOf(heap));
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(Map.of(), more)))
                .hasMessageContaining("http.body-memory: " + heap + " bytes are more than three quarters")
                .hasMessageContaining("-XX:MaxDirectMemorySize");
        var both = Map.of(
                "http.body-memory", String.valueOf(heap / 4 * 3),
                "http.answer-memory", String.valueOf(heap / 2),
                "cluster.enabled", "true");
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(Map.of(), both)))
                .hasMessageContaining("http.answer-memory: with http.body-memory these are");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http.cors.origins | https://shop.example,http://localhost:3000,http://[::1]:80",
                "http.cors.origins | *",
                "http.cors.headers | Content-Type,X-Request-Id",
                "http.cors.methods | GET",
            })
    void takes(String key, String value) throws Exception {
        assertThat(ConfigLoader.load(Map.of(), Map.of(key, value)).http()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http.cors.origins | https://shop.example/ | \"https://shop.example/\" is not allowed, expected * alone, or origins such as",
                "http.cors.origins | shop.example | \"shop.example\" is not allowed",
                "http.cors.origins | *,https://shop.example | \"*\" is not allowed, expected * alone",
                "http.cors.headers | a b | \"a b\" is not allowed, expected names of headers",
                "http.cors.methods | GET,DELETE | \"DELETE\" is not allowed, expected some of [GET, HEAD, POST]",
                "http.tls.hsts | 1d | without http.tls.certificate there is no TLS to come over",
                "http.max-headers | 10 | expected a size from 1024",
                "http.head-timeout | 0 | expected a time from 100ms",
            })
    void refuses(String key, String value, String problem) {
        var refusal =
                catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(Map.of(), Map.of(key, value)));
        assertThat(refusal.problems()).hasSize(1);
        assertThat(refusal.problems().get(0)).contains(key).contains(problem);
    }
}
