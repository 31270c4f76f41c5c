package dev.augur.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Finds the configuration: {@code conf/augur.yaml} in Augur's folder (the property {@code augur.home}, which
 * {@code run.sh} sets, or the working folder), or the file that {@code AUGUR_CONFIG} or {@code --config} names; if
 * there is none at all, that of the jar. A variable {@code AUGUR_HTTP_PORT} overrides {@code http.port}, and so on; a
 * flag overrides both. A relative path is relative to the file it stands in, a flag's or variable's to the working
 * folder, a default to Augur's folder. Called once, at start.
 */
public final class ConfigLoader {
    private static final String SHIPPED = "augur.yaml";
    private static final String FILE_VARIABLE = "AUGUR_CONFIG";

    private ConfigLoader() {}

    /**
     * Reads and checks everything.
     *
     * @param environment the process's variables
     * @param flags by key, such as {@code http.port}; the key {@code config} names the file, or none if it is empty
     * @throws ConfigException with every problem found
     */
    public static ServerConfig load(Map<String, String> environment, Map<String, String> flags) {
        return examine(environment, flags).require();
    }

    /**
     * What can be read of a configuration.
     *
     * @param config with the defaults of what is wrong
     * @param problems every one found
     * @param warnings what was taken for a mistake and changes nothing
     * @param shown what was set, by key, without what may be a secret
     */
    public record Reading(
            ServerConfig config, List<String> problems, List<String> warnings, Map<String, String> shown) {
        public Reading {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
            shown = Collections.unmodifiableMap(new TreeMap<>(shown));
        }

        private ServerConfig require() {
            if (!problems.isEmpty()) {
                throw new ConfigException(problems);
            }
            return config;
        }
    }

    /**
     * As {@link #load}, but goes on after a problem.
     *
     * @throws ConfigException when the file as a whole cannot be read
     */
    public static Reading examine(Map<String, String> environment, Map<String, String> flags) {
        var remaining = new LinkedHashMap<>(flags);
        String chosen = remaining.remove("config");
        if (chosen == null) {
            chosen = environment.get(FILE_VARIABLE);
        }
        var unused = readable(System.getProperty("user.dir", ""));
        var source = chosen == null ? standard() : chosen.isEmpty() ? ConfigSource.empty() : parse(readable(chosen));
        var overrides = new Overrides(source.root(), found -> models(source.with(found)));
        overrides.add(ServiceLinks.without(environment), remaining);
        var problems = new ArrayList<>(overrides.problems());
        problems.addAll(UnknownKeys.problems(environment.keySet()));
        var found = examine(source.with(overrides.found()), problems);
        return new Reading(
                found.config(),
                found.problems(),
                unknownVariables(environment).stream()
                        .map(name -> name + ": no setting of that name, ignored")
                        .toList(),
                found.shown());
    }

    /** The file that {@link #load} reads; empty where it is none but that of the jar. */
    public static Optional<Path> file(Map<String, String> environment, Map<String, String> flags) {
        String chosen = flags.getOrDefault("config", environment.get(FILE_VARIABLE));
        return Optional.ofNullable(chosen)
                .map(Path::of)
                .or(() -> Optional.of(home().resolve("conf").resolve(SHIPPED)))
                .filter(Files::isRegularFile);
    }

    /**
     * Reads and checks a JSON object that has the form of {@code conf/augur.yaml}; what is not there has its default,
     * and relative paths are relative to the working folder.
     *
     * @throws ConfigException with every problem found
     */
    public static ServerConfig ofJson(String json) {
        String name = "the deployment's configuration";
        var root = parse(() -> new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), name);
        return read(new ConfigSource(name, root, Map.of()));
    }

    /** The names of the variables with our prefix that override nothing, most likely misspelt. */
    public static List<String> unknownVariables(Map<String, String> environment) {
        return Overrides.unknown(ServiceLinks.without(environment).keySet());
    }

    static ServerConfig read(ConfigSource source) {
        return examine(source, List.of()).require();
    }

    private static Reading examine(ConfigSource source, List<String> found) {
        var reader = new ConfigReader(source);
        var config = Settings.read(reader);
        var problems = new ArrayList<>(found);
        problems.addAll(reader.problems());
        return new Reading(config, problems, List.of(), ShownSettings.of(source));
    }

    /** Augur's folder: a path that stays relative unless the property says otherwise. */
    static Path home() {
        return Path.of(System.getProperty("augur.home", ""));
    }

    /**
     * The JDK reads names of files by the locale: where that cannot write one, neither it nor what is below it is
     * found.
     */
    private static Path readable(String path) {
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new ConfigException(List.of(
                    path + ": this process cannot open it in its locale: start with LC_ALL=C.UTF-8, or rename it"));
        }
    }

    private static ConfigSource standard() {
        Path file = home().resolve("conf").resolve(SHIPPED);
        if (Files.exists(file)) {
            return parse(file);
        }
        URL inJar = Objects.requireNonNull(ConfigLoader.class.getResource(SHIPPED));
        return new ConfigSource(
                "the shipped " + SHIPPED, file.getParent(), parse(inJar::openStream, inJar.toString()), Map.of());
    }

    /** The names of the folders in the repository, if it can be read. */
    private static List<String> models(ConfigSource source) {
        var repository = ModelSettings.repository(new ConfigReader(source));
        try (Stream<Path> entries = Files.list(repository)) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).toList();
        } catch (IOException e) {
            return List.of(); // which the start tells
        }
    }

    private static ConfigSource parse(Path file) {
        return new ConfigSource(
                file.toString(), file.getParent(), parse(() -> Files.newInputStream(file), file.toString()), Map.of());
    }

    /** Opens a file. */
    private interface Opening {
        InputStream open() throws IOException;
    }

    private static JsonNode parse(Opening opening, String file) {
        var yaml = YAMLMapper.builder(YAMLFactory.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .build();
        try (var in = opening.open()) {
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
