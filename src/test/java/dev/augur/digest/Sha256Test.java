package dev.augur.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Sha256Test {
    @Test
    void digestsAsSha256sumDoes() {
        var digest = Sha256.begin();
        assertThat(Sha256.hex(digest)).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        digest.update("abc".getBytes(StandardCharsets.UTF_8)); // it began again
        assertThat(Sha256.hex(digest)).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
