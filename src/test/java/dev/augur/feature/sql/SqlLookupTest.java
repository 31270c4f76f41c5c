package dev.augur.feature.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.augur.feature.remote.Secret;
import io.vertx.pgclient.SslMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlLookupTest {
    @Test
    void quotesEveryName() {
        assertThat(new SqlLookup.Table("s.T\"", "k", List.of("a\"; --")).sql())
                .isEqualTo("SELECT \"k\", \"a\"\"; --\" FROM \"s\".\"T\"\"\" WHERE \"k\" = ANY($1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a..b", "a\u0000", ".a"})
    void refusesNamesThatCannotBe(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new SqlLookup.Table(name, "id", List.of()));
    }

    @Test
    void refusesAQueryWithoutItsParameter() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SqlLookup.Query("SELECT 1"))
                .withMessageContaining("$1");
    }

    @Test
    void refusesToVerifyWithoutAnAuthority() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SqlConnectConfig(
                        "host", 5432, "db", "user", new Secret("x"), SslMode.VERIFY_FULL, null, 1));
    }
}
