package dev.augur.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds the configuration: {@code conf/augur.yaml}, or the file that {@code AUGUR_CONFIG} or {@code --config} names; a variable
 * {@code AUGUR_HTTP_PORT} overrides {@code http.port}, and so on; a flag overrides both. Called once, at start.
 */
public final class ConfigLoader {
    private static final Path DEFAULT_FILE = Path.of("conf", "augur.yaml");
    private static final String VARIABLE_PREFIX = "AUGUR_";
    private static final String FILE_VARIABLE = "AUGUR_CONFIG";
    private static final Set<String> OTHER_VARIABLES =
            Set.of(FILE_VARIABLE, "AUGUR_LOG_LEVEL"); // the latter is read by logback.xml

    private ConfigLoader() {}

    /**
     * Reads and checks everything.
     *
     * @param environment the process's variables
     * @param flags by key, such as {@code http.port}; the key {@code config} names the file, or none if it is empty
     * @throws ConfigException with every problem found
     */
    public static ServerConfig load(Map<String, String> environment, Map<String, String> flags) {
        var remaining = new LinkedHashMap<>(flags);
        String chosen = remaining.remove("config");
        if (chosen == null) {
            chosen = environment.get(FILE_VARIABLE);
        }
        Path file = chosen == null ? DEFAULT_FILE : Path.of(chosen);
        boolean none = chosen == null ? !Files.exists(file) : chosen.isEmpty();
        JsonNode root = none ? MissingNode.getInstance() : parse(file);
        return read(new ConfigSource(file.toString(), root, overrides(environment, remaining)));
    }

    /** The names of the variables with our prefix that override nothing, most likely misspelt. */
    public static List<String> unknownVariables(Map<String, String> environment) {
        var known = variables();
        return environment.keySet().stream()
                .filter(name -> name.startsWith(VARIABLE_PREFIX))
                .filter(name -> !OTHER_VARIABLES.contains(name) && !known.containsKey(name))
                .sorted()
                .toList();
    }

    static ServerConfig read(ConfigSource source) {
        var reader = new ConfigReader(source);
        var config = Settings.read(reader);
        var problems = reader.problems();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    private static Map<String, ConfigSource.Overriding> overrides(
            Map<String, String> environment, Map<String, String> flags) {
        var overrides = new LinkedHashMap<String, ConfigSource.Overriding>();
        variables().forEach((variable, key) -> {
            var value = environment.get(variable);
            if (value != null) {
                overrides.put(key, new ConfigSource.Overriding(variable, value));
            }
        });
        flags.forEach((key, value) -> overrides.put(key, new ConfigSource.Overriding("command line", value)));
        return overrides;
    }

    /** Every setting's key by the name of its variable. */
    private static Map<String, String> variables() {
        var variables = new LinkedHashMap<String, String>();
        for (String key : Settings.keys()) {
            variables.put(VARIABLE_PREFIX + key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT), key);
        }
        return variables;
    }

    private static JsonNode parse(Path file) {
        var yaml = YAMLMapper.builder(YAMLFactory.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .build();
        try (var in = Files.newInputStream(file)) {
            var documents = yaml.readerFor(JsonNode.class).<JsonNode>readValues(in);
            JsonNode first = documents.hasNextValue() ? documents.nextValue() : MissingNode.getInstance();
            if (documents.hasNextValue()) {
                throw new ConfigException(List.of(file + ": holds more than one YAML document"));
            }
            return first;
        } catch (JacksonException e) {
            var at = e.getLocation();
            String place = at == null ? "" : " line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new ConfigException(
                    List.of(file + ":" + place + ": not valid YAML: " + firstLine(e.getOriginalMessage())));
        } catch (IOException e) {
            throw new ConfigException(
                    List.of(file + ": cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }
}
