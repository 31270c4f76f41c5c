package dev.augur.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is secret in a configuration is shown nowhere: not in a dump of it, and not where it is wrong. */
class SecretsTest {
    private static final String CANARY = "canary-7f3a";

    /** Every setting that may hold a secret. */
    private static Map<String, String> settings() {
        var settings = new HashMap<String, String>();
        settings.put("config", "");
        settings.put("prediction-log.postgres.enabled", "true");
        settings.put("prediction-log.postgres.password", CANARY);
        settings.put("prediction-log.kafka.enabled", "true");
        settings.put("prediction-log.kafka.properties.\"sasl.jaas.config\"", "x password=\"" + CANARY + "\";");
        settings.put("access.jwt.jwks", "https://user:" + CANARY + "@issuer.example/keys?token=" + CANARY);
        for (String kind : List.of("sql", "redis")) {
            settings.put("feature-stores." + kind + ".kind", kind);
            settings.put("feature-stores." + kind + ".password", CANARY);
        }
        settings.put("feature-stores.sql.query", "SELECT * FROM f WHERE k = ANY($1)");
        settings.put("feature-stores.web.kind", "http");
        settings.put("feature-stores.web.url", "https://store.example/f");
        settings.put("feature-stores.web.headers.Authorization", "Bearer " + CANARY);
        return settings;
    }

    @Test
    void areInNoProblemAndInNoDump() {
        var reading = ConfigLoader.examine(Map.of(), settings());
        assertThat(String.join("\n", reading.problems())).doesNotContain(CANARY);
        assertThat(reading.config().toString()).doesNotContain(CANARY);
        assertThat(String.valueOf(
                        reading.config().access().tokens().orElseThrow().source()))
                .isEqualTo("https://issuer.example/keys");
    }

    @Test
    void areNotToldWhereTheyAreWrong() {
        for (String key : List.of(
                "prediction-log.postgres.password",
                "feature-stores.sql.password",
                "feature-stores.redis.password",
                "feature-stores.web.headers",
                "prediction-log.kafka.properties")) {
            var wrong = new HashMap<>(settings());
            wrong.put(key, "[" + CANARY + "]");
            wrong.put(key + ".x.y", CANARY);
            var reading = ConfigLoader.examine(Map.of(), wrong);
            assertThat(String.join("\n", reading.problems())).as(key).doesNotContain(CANARY);
            assertThat(reading.config().toString()).as(key).doesNotContain(CANARY);
        }
    }
}
