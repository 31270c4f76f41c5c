package dev.augur.protocol;

import static dev.augur.protocol.InferenceRequestReader.name;
import static dev.augur.protocol.InferenceRequestReader.text;
import static dev.augur.protocol.ProtocolJson.FACTORY;
import static dev.augur.protocol.ProtocolJson.invalid;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.augur.json.JsonText;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one member of {@code inputs}. Clients may send {@code data} before the datatype and shape it needs; it is then
 * passed over and read afterwards, from its place in the body. One use, one thread.
 */
final class InputReader {
    private static final int MAX_RANK = 256;
    private static final int USUAL_RANK = 8;
    private static final int BYTES_OF_A_STRING =
            28; // the array around it, two references, its length; as text it is in the body
    private static final String BINARY_SIZE = "binary_data_size";

    private final RequestBody body;
    private final BinarySection binary;
    private final int index;
    private @Nullable String name;
    private @Nullable DataType datatype;
    private @Nullable Shape shape;
    private @Nullable Tensor tensor;
    private @Nullable JsonText asWritten;
    private int dataOffset = -1;
    private Map<String, Object> parameters = Map.of();

    /**
     * A reader of one input.
     *
     * @param binary what comes behind the JSON
     */
    InputReader(RequestBody body, BinarySection binary, int index) {
        this.body = body;
        this.binary = binary;
        this.index = index;
    }

    /** Reads the object at whose first token the parser stands. */
    Tensor read(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("inputs[" + index + "] must be an object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            readField(parser, field);
        }
        if (name == null) {
            throw invalid("inputs[" + index + "].name is missing");
        }
        if (datatype == null) {
            throw invalid(place() + ": datatype is missing");
        }
        if (shape == null) {
            throw invalid(place() + ": shape is missing");
        }
        if (tensor == null && dataOffset >= 0) {
            readPassedOver(name, datatype, shape);
        }
        if (parameters.containsKey(BINARY_SIZE)) {
            readBinary(name, datatype, shape);
        }
        if (tensor == null) {
            ParametersReader.refuseSharedMemory(parameters, place());
            throw invalid(place() + ": data is missing");
        }
        return tensor;
    }

    private void readBinary(String knownName, DataType knownDatatype, Shape knownShape) {
        if (tensor != null) {
            throw invalid(place() + ": both data and binary_data_size are given");
        }
        if (!(parameters.get(BINARY_SIZE) instanceof Integer bytes) || bytes < 0) {
            throw invalid(place() + ": binary_data_size must be an integer from 0 to " + Integer.MAX_VALUE);
        }
        tensor = binary.next(knownName, knownDatatype, knownShape, bytes);
    }

    private void readField(JsonParser parser, String field) throws IOException {
        switch (field) {
            case "name" -> name = name(parser, parser.currentToken(), () -> "inputs[" + index + "].name");
            case "datatype" -> datatype = readDatatype(parser);
            case "shape" -> shape = readShape(parser);
            case "data" -> readData(parser);
            case "parameters" -> parameters = ParametersReader.read(parser, place() + ": parameters");
            default -> parser.skipChildren();
        }
    }

    private void readData(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (name != null && datatype != null && shape != null) {
            tensor = readTensor(name, datatype, shape, parser);
        } else {
            dataOffset = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
        }
    }

    private void readPassedOver(String knownName, DataType knownDatatype, Shape knownShape) throws IOException {
        try (var parser = FACTORY.createParser(body.bytes(), dataOffset, body.jsonBytes() - dataOffset)) {
            parser.nextToken();
            tensor = readTensor(knownName, knownDatatype, knownShape, parser);
        }
    }

    private DataType readDatatype(JsonParser parser) throws IOException {
        String given = text(parser, parser.currentToken(), () -> place() + ": datatype");
        return DataType.of(String.valueOf(given))
                .orElseThrow(() -> invalid(
                        place() + ": datatype \"" + given + "\" is not served; expected one of " + DataType.names()));
    }

    private Shape readShape(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw invalid(place() + ": shape must be an array of integers");
        }
        var dimensions = new long[USUAL_RANK];
        int rank = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (rank == MAX_RANK) {
                throw invalid(place() + ": shape has more than " + MAX_RANK + " dimensions");
            }
            if (rank == dimensions.length) {
                dimensions = Arrays.copyOf(dimensions, MAX_RANK);
            }
            dimensions[rank++] = readDimension(parser, token);
        }
        return Shape.of(Arrays.copyOf(dimensions, rank));
    }

    private long readDimension(JsonParser parser, JsonToken token) throws IOException {
        boolean fits =
                token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!fits || parser.getLongValue() < 0) {
            throw invalid(place() + ": shape must hold integers from 0 to " + Long.MAX_VALUE);
        }
        return parser.getLongValue();
    }

    private Tensor readTensor(String knownName, DataType knownDatatype, Shape knownShape, JsonParser parser)
            throws IOException {
        int maxElements =
                body.jsonBytes() / 2 + 1; // an element takes a byte at least, and but for the last one a comma
        long elements = TensorReader.elements(knownName, knownDatatype, knownShape, maxElements);
        body.memory()
                .accept(elements
                        * (knownDatatype == DataType.BYTES ? BYTES_OF_A_STRING : knownDatatype.elementBytes()));
        var reader = new TensorReader(knownName, knownDatatype, knownShape, parser);
        var read = reader.read();
        asWritten = reader.text();
        return read;
    }

    /** The elements of the tensor that was read as they stand in the body; {@code null} where they do not so. */
    @Nullable
    JsonText asWritten() {
        return asWritten;
    }

    private String place() {
        return name == null ? "inputs[" + index + "]" : "input \"" + name + "\"";
    }
}
