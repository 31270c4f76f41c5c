package dev.augur.predictionlog.ledger;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The small files beside the segments. Each is replaced as a whole. Called on a worker thread; blocks. */
final class Markers {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantReader()))
            .build();
    private static final long MAX_BYTES = 16 << 20;
    private static final String HEAD = "head.json";
    private static final String RETAINED = "retained.json";
    private static final String GAPS = "gaps.jsonl";
    private static final String DOUBTS = "doubts.json";

    private final Path folder;

    Markers(Path folder) {
        this.folder = folder;
    }

    Path headFile() {
        return folder.resolve(HEAD);
    }

    Optional<Head> head() throws IOException {
        var head = read(headFile(), Head.class);
        if (head.isPresent() && !WriterFolder.isSegment(head.get().segment())) {
            throw new DamagedLedgerException(new Fault(headFile(), 0, "names no segment"));
        }
        return head;
    }

    void head(Head head) throws IOException {
        replace(headFile(), JSON.writeValueAsBytes(head));
    }

    Path retainedFile() {
        return folder.resolve(RETAINED);
    }

    /** The last line removed by retention; where nothing was removed, the place before the first line. */
    ChainPoint retained() throws IOException {
        return read(retainedFile(), ChainPoint.class).orElse(ChainPoint.GENESIS);
    }

    void retained(ChainPoint last) throws IOException {
        replace(retainedFile(), JSON.writeValueAsBytes(last));
    }

    List<Gap> gaps() throws IOException {
        var file = folder.resolve(GAPS);
        var gaps = new ArrayList<Gap>();
        for (String line :
                new String(bytes(file), StandardCharsets.UTF_8).lines().toList()) {
            gaps.add(parse(file, LineFormat.bytes(line), Gap.class));
        }
        return gaps;
    }

    void gaps(List<Gap> gaps) throws IOException {
        var lines = new StringBuilder();
        for (Gap gap : gaps) {
            lines.append(JSON.writeValueAsString(gap)).append('\n');
        }
        replace(folder.resolve(GAPS), LineFormat.bytes(lines.toString()));
    }

    Optional<Cursor> cursor(String name) throws IOException {
        return read(folder.resolve(name), Cursor.class);
    }

    void cursor(String name, Cursor cursor) throws IOException {
        replace(folder.resolve(name), JSON.writeValueAsBytes(cursor));
    }

    Path doubtsFile() {
        return folder.resolve(DOUBTS);
    }

    Optional<Doubts.Kept> doubts() throws IOException {
        return read(doubtsFile(), Doubts.Kept.class);
    }

    void doubts(Doubts.Kept kept) throws IOException {
        replace(doubtsFile(), JSON.writeValueAsBytes(kept));
    }

    /** Makes names made or removed in a folder survive the machine. */
    static void forceFolder(Path folder) throws IOException {
        try (var open = FileChannel.open(folder, StandardOpenOption.READ)) {
            open.force(/* metaData= */ true);
        }
    }

    private static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(parse(file, bytes(file), type))
                : Optional.empty();
    }

    /** What stands in a marker; nothing where there is none. */
    private static byte[] bytes(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new byte[0];
        }
        if (!WriterFolder.isRegular(file)) { // reading a pipe would not end
            throw new DamagedLedgerException(new Fault(file, 0, "is no file but " + WriterFolder.kind(file)));
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new DamagedLedgerException(new Fault(file, 0, "has more than " + MAX_BYTES + " bytes"));
        }
        return Files.readAllBytes(file);
    }

    private static <T> T parse(Path file, byte[] json, Class<T> type) throws IOException {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new DamagedLedgerException(new Fault(file, 0, "cannot be read: " + e.getOriginalMessage()));
        }
    }

    private void replace(Path file, byte[] content) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".draft");
        Files.deleteIfExists(draft); // whatever it is: a link would lead out of the folder
        try (var out = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                int unused = out.write(rest);
            }
            out.force(/* metaData= */ true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(folder);
    }

    private static final class InstantReader extends JsonDeserializer<Instant> {
        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Instant.parse(parser.getText());
        }
    }
}
