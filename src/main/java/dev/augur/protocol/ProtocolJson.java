package dev.augur.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;

/** What the reader and the writer of the protocol's JSON share. Thread-safe. */
final class ProtocolJson {
    /** The time that the parser takes for an integer grows with the square of its digits. */
    private static final int MAX_DIGITS = 1 << 16;

    static final JsonFactory FACTORY = new ElementFactory(new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE) // the body's own limit is a setting
                    .maxNumberLength(MAX_DIGITS)
                    .build())
            .disable(JsonFactory.Feature.CHARSET_DETECTION) // JSON is UTF-8
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // as Python writes them; who cannot take one names it
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8));

    private ProtocolJson() {}

    static ServingException invalid(String message) {
        return new ServingException(ErrorCode.INVALID_ARGUMENT, message);
    }

    /** A body that is no JSON, with the place of the fault and nothing of the content. */
    static ServingException malformed(JsonProcessingException fault) {
        var location = fault.getLocation();
        String place =
                location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
        return invalid("the body is not valid JSON" + place + ": " + JsonFault.text(fault));
    }
}
