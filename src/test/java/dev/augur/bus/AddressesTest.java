package dev.augur.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The addresses that EVENT-BUS.md tells of, public ones and those of the nodes themselves. */
class AddressesTest {
    private static final Pattern TOLD = Pattern.compile("`(augur\\.[^`]+)`");

    @Test
    void thePageTellsOfAllOfThemAndOfNoOther() throws Exception {
        String page = Files.readString(Path.of("src/docs/EVENT-BUS.md"));
        String section = page.substring(page.indexOf("## Addresses"), page.indexOf("## Bodies"));
        assertThat(TOLD.matcher(section).results().map(told -> told.group(1)))
                .containsExactlyInAnyOrder(
                        Addresses.model("<model>"),
                        Addresses.pipeline("<pipeline>"),
                        Addresses.PREDICTIONS,
                        Addresses.PREDICTIONS_AFTER,
                        Addresses.predictionsAfter("<writer>"),
                        Addresses.EVENTS,
                        Addresses.LEFT,
                        Addresses.NODES,
                        Addresses.node("<node>"),
                        Addresses.PREDICTION_LOG,
                        Addresses.predictionLog("<writer>"),
                        Addresses.predictionLogConfirmed("<writer>"),
                        Addresses.predictionLogQuestions("<node>"));
    }
}
