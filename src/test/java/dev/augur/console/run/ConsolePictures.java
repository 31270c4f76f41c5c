package dev.augur.console.run;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.options.ColorScheme;
import dev.augur.testkit.Chromium;
import dev.augur.testkit.FewColours;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Makes the pictures of README. It is no test by its name, so it runs only when it is asked for by that. */
class ConsolePictures {
    private static final Path FOLDER = Path.of("src/docs/images");
    private static final int WIDTH = 1_200;
    private static final int MOST_BYTES = 150_000;
    private static final HasCountOptions SOON = new HasCountOptions().setTimeout(60_000);
    private static final Random CHOICE = new Random(7);

    @Test
    void takesThem() throws Exception {
        Files.createDirectories(FOLDER);
        try (var server = TestServer.start();
                var chromium = Chromium.start()) {
            String url = server.server().url().orElseThrow() + "/";
            try (var visit = chromium.visit(url, WIDTH, ColorScheme.LIGHT)) {
                var page = visit.at("timeline").page();
                page.getByText("Compare all four").first().click();
                assertThat(page.locator(".run[data-state=over]")).hasCount(4, SOON);
                page.setViewportSize(WIDTH, 1_150);
                keep(page, "timeline-light.png");
            }
            try (var visit = chromium.visit(url, WIDTH, ColorScheme.DARK)) {
                var page = visit.at("live").page();
                page.setViewportSize(WIDTH, 860);
                busy(server, 62);
                keep(page, "live-dark.png");
            }
        }
    }

    /** A server that is asked by many, now more, now less. */
    private static void busy(TestServer server, int seconds) throws Exception {
        long start = System.nanoTime();
        var items = new int[] {0, 3, 4, 43, 99};
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
            double wave = 1.2 + Math.sin((System.nanoTime() - start) / 4e9) + CHOICE.nextDouble();
            for (int i = 0; i < 8 * wave; i++) {
                server.postAsync("/predict/wine", "{\"item_id\": " + items[CHOICE.nextInt(items.length)] + "}");
            }
            server.postAsync("/predict_full_async", "{\"item_id\": 1, \"feature_value\": 2}");
            if (CHOICE.nextInt(9) == 0) {
                server.postAsync("/predict/wine", "{\"item_id\": 987654}");
            }
            server.post("/console/runs", burst((int) (12 * wave)).encode());
            TimeUnit.MILLISECONDS.sleep(120); // what happens in between is the picture
        }
    }

    private static JsonObject burst(int requests) {
        var data = new JsonArray().add(5.1).add(3.5).add(1.4).add(0.2);
        var input = new JsonObject().put("name", "features").put("datatype", "FP32");
        input.put("shape", new JsonArray().add(1).add(4)).put("data", data);
        return new JsonObject()
                .put("run", "console-picture")
                .put("path", "/v2/models/iris/infer")
                .put("requests", requests)
                .put("bodies", new JsonArray().add(new JsonObject().put("inputs", new JsonArray().add(input))));
    }

    private static void keep(Page page, String name) throws Exception {
        var file = FOLDER.resolve(name);
        Files.write(file, FewColours.of(page.screenshot()));
        assertThat(Files.size(file)).as(name).isLessThan(MOST_BYTES);
    }
}
