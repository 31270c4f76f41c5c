package dev.augur.predictionlog;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/** How records are written: snake case, times in ISO 8601. Thread-safe. */
public final class RecordJson {
    private static final ObjectMapper LEDGER = mapper().build();
    // Jackson cannot read the unwrapped fields of a record back, so between nodes a record travels as it is nested in
    // Java.
    private static final ObjectMapper WIRE =
            mapper().disable(MapperFeature.USE_ANNOTATIONS).build();

    private RecordJson() {}

    /** A record as it stands in a line of the ledger: UTF-8 JSON without a line break. */
    static byte[] encode(LogRecord record) {
        try {
            return LEDGER.writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A record for another node. */
    public static byte[] toWire(LogRecord record) {
        try {
            return WIRE.writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The record of a request from another node. */
    public static PredictionRecord fromWire(byte[] json) {
        try {
            return WIRE.readValue(json, PredictionRecord.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The record of an outcome from another node; its numbers keep the digits they came with. */
    public static OutcomeRecord outcomeFromWire(byte[] json) {
        try {
            return WIRE.readerFor(OutcomeRecord.class)
                    .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .readValue(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonMapper.Builder mapper() {
        return JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addModule(new SimpleModule()
                        .addSerializer(Instant.class, ToStringSerializer.instance)
                        .addDeserializer(Instant.class, new InstantReader()));
    }

    private static final class InstantReader extends JsonDeserializer<Instant> {
        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Instant.parse(parser.getText());
        }
    }
}
