package dev.augur.testkit;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** What nodes say to one another, byte for byte, as those of before say it and read it. */
public final class Wire {
    public static final String WHAT_TO_DO = "what nodes of before would mistake needs another number, and a file of it;"
            + " what they read as before, such as a further field that they need not know, only the file";

    private static final Path FOLDER = Path.of("src", "test", "resources", "wire");

    private Wire() {}

    public static JsonObject json(String file) throws IOException {
        return new JsonObject(Files.readString(FOLDER.resolve(file)));
    }

    public static Buffer bytes(String file) throws IOException {
        String digits = Files.readString(FOLDER.resolve(file)).replace("\n", "");
        return Buffer.buffer(HexFormat.of().parseHex(digits));
    }
}
