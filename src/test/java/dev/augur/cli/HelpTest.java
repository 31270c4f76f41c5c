package dev.augur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.config.ConfigException;
import dev.augur.config.ConfigLoader;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What {@code ./run.sh --help} names is there. */
class HelpTest {
    private static final Pattern KEY = Pattern.compile("\\b(roles(?=:)|(http|cluster|models)\\.[a-z-]+)");
    private static final Pattern VARIABLE = Pattern.compile("AUGUR_[A-Z_]+");

    private final String help = new CommandLine(Augur.class).getUsageMessage();

    @Test
    void itsFlagsAreShortForSettingsThatAreThere() {
        var keys = all(KEY);
        assertThat(keys).contains("http.host", "http.port", "roles", "cluster.enabled", "models.workers");
        assertThat(keys).allSatisfy(key -> assertThat(problems(Map.of("config", "", key, "2")))
                .noneMatch(problem -> problem.contains("is not a setting")));
    }

    @Test
    void itsVariablesAreRead() {
        var variables = all(VARIABLE);
        assertThat(variables).contains("AUGUR_HTTP_PORT", "AUGUR_CONFIG", "AUGUR_LOG_LEVEL");
        assertThat(variables).allSatisfy(name -> assertThat(ConfigLoader.unknownVariables(Map.of(name, "1")))
                .isEmpty());
    }

    private List<String> all(Pattern pattern) {
        return pattern.matcher(help).results().map(MatchResult::group).toList();
    }

    private static List<String> problems(Map<String, String> flags) {
        try {
            assertThat(ConfigLoader.load(Map.of(), flags)).isNotNull();
            return List.of();
        } catch (ConfigException e) {
            return e.problems();
        }
    }
}
