package dev.augur.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;

/** What the reader and the writer of the protocol's JSON share. Thread-safe. */
final class ProtocolJson {
    /** More tensors than any model has; each costs memory before it is known whether the model has it. */
    static final int MAX_TENSORS = 1_024;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION) // JSON is UTF-8
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // to name the input that holds a NaN
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

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
