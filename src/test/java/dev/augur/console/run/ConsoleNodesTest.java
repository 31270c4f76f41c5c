package dev.augur.console.run;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator.FilterOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import dev.augur.testkit.Chromium;
import dev.augur.testkit.ClusterNodes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console of a node in a cluster of real processes. */
class ConsoleNodesTest {
    private static final double SOON = 60_000;

    @Test
    void showsWhoIsThereAndWhoIsNot(@TempDir Path directory) throws Exception {
        var nodes = new ClusterNodes(directory);
        try (var first = nodes.start("first", "http,predict,log");
                var chromium = Chromium.start();
                var visit = chromium.visit(first.url() + "/")) {
            var rows = visit.at("models").page().locator("table.nodes tbody tr");
            assertThat(rows).hasCount(1);
            assertThat(rows).containsText("(this one)");
            try (var second = nodes.start("second", "predict")) {
                assertThat(rows).hasCount(2, new HasCountOptions().setTimeout(SOON));
                var other = rows.filter(new FilterOptions().setHasNotText("(this one)"));
                assertThat(other).containsText("predict", new ContainsTextOptions().setTimeout(SOON));
                assertThat(other).containsText("iris", new ContainsTextOptions().setTimeout(SOON));
                second.signal("KILL");
                assertThat(other).containsText("says nothing", new ContainsTextOptions().setTimeout(SOON));
            }
        }
    }
}
