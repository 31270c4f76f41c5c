package dev.augur.feature.remote;

import dev.augur.setting.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A secret in a file of its own, such as those that Kubernetes mounts. Thread-safe. */
public final class SecretFile {
    private static final int MAX_BYTES = 64 << 10;

    private SecretFile() {}

    /**
     * The content in UTF-8 without the end of its last line; empty, with a problem of that key, when it cannot be used.
     */
    public static Optional<Secret> read(Section settings, String key, Path file) {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length <= MAX_BYTES) {
                return secret(settings, key, file, bytes);
            }
            settings.problem(key, "\"" + file + "\" has more than " + MAX_BYTES + " bytes");
        } catch (CharacterCodingException e) {
            settings.problem(key, "\"" + file + "\" is not a text in UTF-8");
        } catch (IOException e) {
            settings.problem(
                    key, "\"" + file + "\" cannot be read: " + e.getClass().getSimpleName());
        }
        return Optional.empty();
    }

    private static Optional<Secret> secret(Section settings, String key, Path file, byte[] bytes)
            throws CharacterCodingException {
        var text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString()
                .replaceFirst("\\r?\\n\\z", "");
        if (text.isEmpty()) {
            settings.problem(key, "\"" + file + "\" is empty");
            return Optional.empty();
        }
        return Optional.of(new Secret(text));
    }
}
