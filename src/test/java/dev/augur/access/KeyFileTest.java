package dev.augur.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFileTest {
    private static final String ENTRY =
            "- id: abcdefgh\n  name: shop\n  scopes: [predict]\n  sha256: " + "ab".repeat(32) + "\n";

    @TempDir
    Path folder;

    @Test
    void keepsTheDigestOfWhatItMakesAndNothingElse() throws IOException {
        var file = new KeyFile(folder.resolve("new/keys.yaml"));
        var secret = file.create(new Principal("shop", Grants.known(List.of("predict:wine", "read"))), null);
        assertThat(secret).matches("augur_[A-Za-z0-9]{8}_[A-Za-z0-9]{32}");
        assertThat(Files.readString(file.path())).doesNotContain(secret.substring("augur_abcdefgh_".length()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        var holder = new Keys(file.read()).holder(secret, Instant.now());
        assertThat(holder).isEqualTo(new Principal("shop", new Grants(Set.of(Scope.READ), Set.of("wine"))));
    }

    @Test
    void aKeyIsWorthlessOnceItHasExpiredOrIsRevokedOrDiffersInOneLetter() throws IOException {
        var file = new KeyFile(folder.resolve("keys.yaml"));
        var end = Instant.parse("2031-01-31T12:00:00Z");
        var secret = file.create(new Principal("shop", Grants.ALL), end);
        var keys = new Keys(file.read());
        assertThat(keys.holder(secret, end.minusSeconds(1))).isNotNull();
        assertThat(keys.holder(secret, end)).isNull();
        String other = secret.substring(0, secret.length() - 1) + (secret.endsWith("a") ? "b" : "a");
        assertThat(keys.holder(other, end.minusSeconds(1))).isNull();
        assertThat(keys.holder("", end.minusSeconds(1))).isNull();
        assertThat(file.remove(secret.substring(6, 14))).isTrue();
        assertThat(file.remove(secret.substring(6, 14))).isFalse();
        assertThat(new Keys(file.read()).holder(secret, end.minusSeconds(1))).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            [predict]   | [predicts]  | scopes: expected a list of predict, predict:<model or pipeline>, read or admin
            [predict]   | []          | scopes: expected a list of predict
            abcdefgh    | a           | id: expected 8 letters and digits
            name: shop  | name: a b   | name: expected at most 64 letters
            sha256: ab  | sha256: x0  | sha256: expected 64 hexadecimal digits
            name: shop  | nam: shop   | its fields: expected some of [expires, id, name, scopes, sha256]
            sha256      | expires: soon~  sha256 | expires: expected a time such as
            """)
    void namesWhatIsWrongInTheFile(String right, String wrong, String expected) throws IOException {
        var path = Files.writeString(
                folder.resolve("keys.yaml"),
                ENTRY
                        + ENTRY.replace("abcdefgh", "bcdefghi")
                                .replace(right.replace("abcdefgh", "bcdefghi"), wrong.replace("~", "\n")));
        assertThatThrownBy(() -> new KeyFile(path).read())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(path + ": key 2: ")
                .hasMessageContaining(expected);
    }

    @Test
    void twoKeysOfOneIdAreRefused() throws IOException {
        var path = Files.writeString(folder.resolve("keys.yaml"), ENTRY + ENTRY);
        assertThatThrownBy(() -> new KeyFile(path).read())
                .hasMessageContaining("key 2: id: expected an id that no other");
    }

    @Test
    void aFileThatIsNoListIsRefused() throws IOException {
        var path = Files.writeString(folder.resolve("keys.yaml"), "keys: {a: b}\n");
        assertThatThrownBy(() -> new KeyFile(path).read()).hasMessageContaining("expected a list");
        Files.writeString(path, "- [\n");
        assertThatThrownBy(() -> new KeyFile(path).read()).hasMessageContaining("is not valid YAML");
        Files.writeString(path, "# nothing yet\n");
        assertThat(new KeyFile(path).read()).isEmpty();
    }

    @Test
    void aNameThatCouldNotStandInARecordIsRefused() {
        var file = new KeyFile(folder.resolve("keys.yaml"));
        assertThatThrownBy(() -> file.create(new Principal("a\nb", Grants.ALL), null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(file.path()).doesNotExist();
    }
}
