package dev.augur.predictionlog.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Single fields of a line, without the rest of it. */
class LineJsonTest {
    private static final String LINE =
            "{\"record_id\":\"a\",\"item_id\":7,\"inputs\":{\"record_id\":\"no\"},\"status\":\"OK\"}";

    @Test
    void visitsTheFieldsAtTheTopAlone() throws IOException {
        assertThat(visited(LINE, "none")).containsExactly("record_id", "item_id", "inputs", "status");
    }

    @Test
    void readsNoFurtherThanItIsAskedTo() throws IOException {
        assertThat(visited("{\"record_id\":\"a\",\"inputs\":[1, broken", "inputs"))
                .containsExactly("record_id", "inputs");
        assertThatThrownBy(() -> visited("{\"record_id\":\"a\",\"inputs\":[1, broken", "none"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void visitsNothingOfWhatIsNoObject() throws IOException {
        assertThat(visited("[1]", "none")).isEmpty();
        assertThat(visited("", "none")).isEmpty();
    }

    @Test
    void hasATextOfALineWithinABuffer() throws IOException {
        byte[] buffer = bytes("\n" + LINE + "\n{}");
        int to = buffer.length - 3;
        assertThat(LineJson.text(buffer, 1, to, RecordField.RECORD_ID)).isEqualTo("a");
        assertThat(LineJson.text(buffer, 1, to, RecordField.ITEM_ID))
                .as("a number is no text")
                .isNull();
        assertThat(LineJson.text(buffer, 1, to, RecordField.MODEL)).isNull();
    }

    private static List<String> visited(String line, String last) throws IOException {
        var names = new ArrayList<String>();
        LineJson.visit(bytes(line), (name, value, parser) -> {
            names.add(name);
            return !name.equals(last);
        });
        return names;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
