package dev.augur.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.augur.model.runtime.Execution;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelSettingsTest {
    @Test
    void modelsRunOnWorkersUnlessTheyAreSaidToRunOnEventLoops() throws Exception {
        assertThat(execution(Map.of())).isEqualTo(Execution.WORKER);
        assertThat(execution(Map.of("models.execution", "event-loop"))).isEqualTo(Execution.EVENT_LOOP);
        assertThat(problems(Map.of("models.execution", "loop")))
                .containsExactly("command line: models.execution: \"loop\" is not allowed,"
                        + " expected one of worker, event-loop");
    }

    @Test
    void eventLoopsDoNotWaitForFurtherRequests() {
        assertThat(problems(Map.of("models.execution", "event-loop", "models.max-batch-delay", "2ms")))
                .containsExactly("command line: models.execution: \"event-loop\" is not allowed where max-batch-delay"
                        + " is 2 ms, expected worker: event loops do not wait for further requests");
    }

    private static Execution execution(Map<String, String> flags) throws Exception {
        return ConfigLoader.load(Map.of(), flags).models().defaults().workers().execution();
    }

    private static List<String> problems(Map<String, String> flags) {
        return catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(Map.of(), flags))
                .problems();
    }
}
