package dev.augur.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a relative path is relative to. */
class PathSettingsTest {
    @TempDir
    Path folder;

    @Test
    void inAFileItIsRelativeToTheFile() throws IOException {
        var config = load("models: {repository: models}\ndata: {directory: ../state}\n");
        assertThat(config.models().repository()).isEqualTo(folder.resolve("models"));
        assertThat(config.dataDirectory()).isEqualTo(folder.resolveSibling("state"));
        var file = new YAMLMapper().createObjectNode().put("ca-file", "ca.pem");
        assertThat(new ConfigReader(new ConfigSource("augur.yaml", folder, file, Map.of())).optionalPath("ca-file"))
                .contains(folder.resolve("ca.pem"));
    }

    @Test
    void anAbsoluteOneIsItself() throws IOException {
        assertThat(load("data: {directory: /somewhere}\n").dataDirectory()).isEqualTo(Path.of("/somewhere"));
    }

    @Test
    void inAFlagOrVariableItIsRelativeToTheWorkingFolder() throws IOException {
        var file = Files.writeString(folder.resolve("augur.yaml"), "models: {repository: models}\n");
        var config = ConfigLoader.load(
                Map.of("AUGUR_MODELS_REPOSITORY", "m"), Map.of("config", file.toString(), "data.directory", "d"));
        assertThat(config.models().repository()).isEqualTo(Path.of("m"));
        assertThat(config.dataDirectory()).isEqualTo(Path.of("d"));
    }

    @Test
    void whatIsNotSetLiesInTheProgramsFolder() throws IOException {
        assertThat(load("http: {port: 0}\n").models().repository()).isEqualTo(Path.of("conf", "models"));
    }

    @Test
    void filesWithSecretsAreRelativeToTheFileToo() throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("secrets")).resolve("s"), "hunter2\n");
        var config = load("feature-stores:\n  s: {kind: http, url: 'http://h/{id}', header-files: {X: secrets/s}}\n"
                + "  t: {kind: redis, host: h, key-template: '{id}', password-file: secrets/s}\n");
        assertThat(config.pipelines().stores()).containsOnlyKeys("s", "t");
    }

    /** As a program has it that embeds a server: no file, and a store of the shipped configuration is elsewhere. */
    @Test
    void theShippedConfigurationHoldsWhereThereIsNoFile() throws IOException {
        var store = folder.resolve("wine.csv").toString();
        var before = System.getProperty("augur.home");
        System.setProperty("augur.home", folder.toString());
        try {
            var config = ConfigLoader.load(Map.of(), Map.of("feature-stores.wine.path", store));
            assertThat(config.pipelines().stores()).containsOnlyKeys("wine", "breast_cancer");
            assertThat(config.models().repository())
                    .isEqualTo(folder.resolve("conf").resolve("models"));
            assertThat(config.dataDirectory()).isEqualTo(folder.resolve("data"));
        } finally {
            if (before == null) {
                System.clearProperty("augur.home");
            } else {
                System.setProperty("augur.home", before);
            }
        }
    }

    private ServerConfig load(String yaml) throws IOException {
        var file = Files.writeString(folder.resolve("augur.yaml"), yaml);
        return ConfigLoader.load(Map.of("AUGUR_CONFIG", file.toString()), Map.of());
    }
}
