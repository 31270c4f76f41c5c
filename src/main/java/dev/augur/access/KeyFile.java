package dev.augur.access;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The file that holds what the server knows of its keys: a list in YAML, made by {@code ./run.sh key} and read again
 * when it changes. One thread; blocks.
 */
public final class KeyFile {
    private static final String HEAD = "# Written by ./run.sh key: of each key its digest, never the key itself.\n";
    private static final int MAX_KEYS = 10_000;
    private static final long MAX_BYTES = 16L << 20;
    private static final Set<String> FIELDS = Set.of("id", "name", "scopes", "expires", "sha256");
    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final Path path;

    public KeyFile(Path path) {
        this.path = path;
    }

    /** Where it lies. */
    public Path path() {
        return path;
    }

    /**
     * What it holds.
     *
     * @throws IOException that names the file, the entry and what was expected
     */
    List<AccessKey> read() throws IOException {
        if (Files.size(path) > MAX_BYTES) {
            throw new IOException(path + ": is larger than the " + MAX_BYTES + " bytes that a file of keys may have");
        }
        JsonNode root;
        try {
            root = YAML.readTree(Files.readAllBytes(path));
        } catch (JacksonException e) {
            throw new IOException(path + ": is not valid YAML: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        if (root.isMissingNode() || root.isNull()) {
            return List.of();
        }
        if (!root.isArray() || root.size() > MAX_KEYS) {
            throw new IOException(path + ": expected a list of at most " + MAX_KEYS + " keys");
        }
        var keys = new ArrayList<AccessKey>();
        var ids = new TreeSet<String>();
        for (JsonNode entry : root) {
            var key = key(entry, keys.size() + 1);
            if (!ids.add(key.id())) {
                throw wrong(keys.size() + 1, "id", "an id that no other key has");
            }
            keys.add(key);
        }
        return keys;
    }

    /** A key as it may be shown: {@code shop, predict, read, until 2027-01-31T12:00:00Z}. */
    public record Listed(String id, String name, List<String> scopes, Optional<Instant> expires) {}

    /** What it holds, to be shown. Fails as {@link #read} does. */
    public List<Listed> list() throws IOException {
        return read().stream()
                .map(key -> new Listed(
                        key.id(),
                        key.principal().name(),
                        key.principal().grants().texts(),
                        Optional.ofNullable(key.expires())))
                .toList();
    }

    /**
     * Makes a key and puts its digest into the file, which is made if it is not there.
     *
     * @param expires when it ends to be good; {@code null} for never
     * @return the key, which nobody can find out any more afterwards
     * @throws IllegalArgumentException for a name that is not allowed
     */
    public String create(Principal principal, @Nullable Instant expires) throws IOException {
        if (!AccessKey.NAME.matcher(principal.name()).matches()) {
            throw new IllegalArgumentException("\"" + principal.name()
                    + "\" is not allowed as a name, expected at most 64 letters, digits, and . _ @ -");
        }
        var made = AccessKey.make(principal, expires);
        add(made.kept());
        return made.secret();
    }

    private void add(AccessKey key) throws IOException {
        var all = new ArrayList<AccessKey>();
        try {
            all.addAll(read());
        } catch (NoSuchFileException e) {
            var folder = path.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
        }
        all.add(key);
        write(all);
    }

    /** Takes that key out. False if there is none of that id. */
    public boolean remove(String id) throws IOException {
        var all = new ArrayList<>(read());
        boolean there = all.removeIf(key -> key.id().equals(id));
        if (there) {
            write(all);
        }
        return there;
    }

    /** Whole or not at all, and readable by its owner alone. */
    private void write(List<AccessKey> keys) throws IOException {
        var temporary = path.resolveSibling(path.getFileName() + ".new");
        try {
            Files.createFile(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            throw new IOException(temporary + ": is there, so another command is at work; if none is, remove it");
        }
        try {
            Files.writeString(temporary, HEAD + YAML.writeValueAsString(entries(keys)));
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static ArrayNode entries(List<AccessKey> keys) {
        var list = JsonNodeFactory.instance.arrayNode();
        for (AccessKey key : keys) {
            ObjectNode entry = list.addObject()
                    .put("id", key.id())
                    .put("name", key.principal().name());
            key.principal().grants().texts().forEach(entry.putArray("scopes")::add);
            if (key.expires() != null) {
                entry.put("expires", key.expires().toString());
            }
            entry.put("sha256", key.sha256());
        }
        return list;
    }

    private AccessKey key(JsonNode entry, int number) throws IOException {
        for (var names = entry.fieldNames(); names.hasNext(); ) {
            if (!FIELDS.contains(names.next())) {
                throw wrong(number, "its fields", "some of " + new TreeSet<>(FIELDS));
            }
        }
        String id = entry.path("id").asText();
        String name = entry.path("name").asText();
        String sha256 = entry.path("sha256").asText();
        if (!AccessKey.ID.matcher(id).matches()) {
            throw wrong(number, "id", "8 letters and digits");
        }
        if (!AccessKey.NAME.matcher(name).matches()) {
            throw wrong(number, "name", "at most 64 letters, digits, and . _ @ -");
        }
        if (!AccessKey.DIGEST.matcher(sha256).matches()) {
            throw wrong(number, "sha256", "64 hexadecimal digits");
        }
        return new AccessKey(
                id, new Principal(name, grants(entry.path("scopes"), number)), sha256, expiry(entry, number));
    }

    private Grants grants(JsonNode scopes, int number) throws IOException {
        var texts = new ArrayList<String>();
        scopes.forEach(scope -> texts.add(scope.asText()));
        if (texts.isEmpty() || Grants.unknown(texts).isPresent()) {
            throw wrong(number, "scopes", "a list of " + Grants.EXPECTED);
        }
        return Grants.known(texts);
    }

    private @Nullable Instant expiry(JsonNode entry, int number) throws IOException {
        if (!entry.has("expires")) {
            return null;
        }
        try {
            return Instant.parse(entry.path("expires").asText());
        } catch (DateTimeParseException e) {
            throw wrong(number, "expires", "a time such as 2027-01-31T12:00:00Z");
        }
    }

    private IOException wrong(int number, String field, String expected) {
        return new IOException(path + ": key " + number + ": " + field + ": expected " + expected);
    }
}
