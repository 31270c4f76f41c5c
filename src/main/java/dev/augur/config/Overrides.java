package dev.augur.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What variables and flags say in place of the file, and which settings they mean. A variable's name tells neither
 * {@code -}, {@code _} and {@code .} apart nor where a name of the operator's choice ends. So it means a name that
 * there is (in the file, in a flag, or as a model in the repository), and a new one in small letters where there is
 * none. One thread.
 */
final class Overrides {
    private static final String PREFIX = "AUGUR_";
    private static final String FLAG = "command line";

    /** No settings: the file's own name, and how much the log tells and in which form, which logback.xml reads. */
    private static final Set<String> OTHERS = Set.of("AUGUR_CONFIG", "AUGUR_LOG_LEVEL", "AUGUR_LOG_FORMAT");

    private static final List<String> MODELS = List.of("models", "by-name");
    private static final List<String> KAFKA_PROPERTIES = List.of("prediction-log", "kafka", "properties");

    private final JsonNode root;
    private final Map<String, ConfigSource.Overriding> found = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Function<Map<String, ConfigSource.Overriding>, List<String>> modelsOf;

    /**
     * None yet.
     *
     * @param root what the file holds
     * @param modelsOf the names of the models on disk, with these overrides
     */
    Overrides(JsonNode root, Function<Map<String, ConfigSource.Overriding>, List<String>> modelsOf) {
        this.root = root;
        this.modelsOf = modelsOf;
    }

    /** Adds what these say; a flag counts before a variable. */
    void add(Map<String, String> environment, Map<String, String> flags) {
        var variables = new TreeMap<>(environment);
        variables.keySet().retainAll(ours(environment.keySet()));
        if (variables.isEmpty() && flags.isEmpty()) {
            return;
        }
        var patterns = Settings.keyPatterns();
        flags.forEach((key, value) -> found.put(meant(key, patterns), new ConfigSource.Overriding(FLAG, value)));
        var named = new ArrayList<String>();
        variables.forEach((name, value) -> fixed(name, patterns)
                .ifPresentOrElse(
                        key -> found.putIfAbsent(key, new ConfigSource.Overriding(name, value)),
                        () -> named.add(name)));
        for (String name : named) { // after the others, among which is the place of the models
            named(name, patterns)
                    .ifPresent(key -> found.putIfAbsent(
                            key, new ConfigSource.Overriding(name, variables.getOrDefault(name, ""))));
        }
    }

    /** By key. */
    Map<String, ConfigSource.Overriding> found() {
        return found;
    }

    /** The variables that may mean more than one setting. */
    List<String> problems() {
        return problems;
    }

    /** The variables with our prefix that can mean no setting, most likely misspelt. */
    static List<String> unknown(Set<String> variables) {
        return ours(variables).stream()
                .filter(name -> Settings.keyPatterns().stream()
                        .allMatch(pattern -> pattern.inVariable(name).isEmpty()))
                .sorted()
                .toList();
    }

    private static List<String> ours(Set<String> variables) {
        return variables.stream()
                .filter(name -> name.startsWith(PREFIX) && !OTHERS.contains(name))
                .toList();
    }

    private static String meant(String flag, List<KeyPattern> patterns) {
        return patterns.stream()
                .filter(pattern -> pattern.inFlag(flag).isPresent())
                .max(Comparator.comparing(KeyPattern::fixed))
                .map(pattern -> pattern.with(pattern.inFlag(flag).orElseThrow()))
                .orElse(flag);
    }

    private static Optional<String> fixed(String variable, List<KeyPattern> patterns) {
        return patterns.stream()
                .filter(pattern ->
                        pattern.inVariable(variable).filter(List::isEmpty).isPresent())
                .findFirst()
                .map(pattern -> pattern.with(List.of()));
    }

    /** The key with the most names that there are already, and of those the one with the longest setting. */
    private Optional<String> named(String variable, List<KeyPattern> patterns) {
        var candidates = new ArrayList<Candidate>();
        for (KeyPattern pattern : patterns) {
            pattern.inVariable(variable).ifPresent(names -> candidates.addAll(candidates(pattern, names)));
        }
        var best = candidates.stream().max(Candidate.ORDER);
        var equals = candidates.stream()
                .filter(candidate -> best.filter(other -> Candidate.ORDER.compare(candidate, other) == 0)
                        .isPresent())
                .map(Candidate::key)
                .distinct()
                .toList();
        if (equals.size() > 1) {
            problems.add(variable + ": may mean " + String.join(" or ", equals)
                    + "; say which in the file, or by --set with the whole key");
            return Optional.empty();
        }
        return best.map(Candidate::key);
    }

    /** Every way to read these names. */
    private List<Candidate> candidates(KeyPattern pattern, List<String> spelt) {
        var open = List.of(new Candidate(List.of(), 0, pattern.fixed()));
        var left = new ArrayList<>(spelt);
        for (String part : pattern.parts()) {
            var next = new ArrayList<Candidate>();
            String name = part.equals(KeyPattern.ANY) ? left.remove(0) : null;
            for (Candidate candidate : open) {
                if (name == null) {
                    next.add(candidate.with(part, 0));
                } else {
                    var known = known(candidate.parts(), name);
                    known.forEach(each -> next.add(candidate.with(each, 1)));
                    if (known.isEmpty()) {
                        next.add(candidate.with(fresh(candidate.parts(), name), 0));
                    }
                }
            }
            open = next;
        }
        return open;
    }

    private List<String> known(List<String> section, String spelt) {
        var names = new LinkedHashSet<String>();
        JsonNode node = root;
        for (String part : section) {
            node = node.path(part);
        }
        node.fieldNames().forEachRemaining(names::add);
        for (String key : found.keySet()) {
            var parts = Key.names(key);
            if (parts.size() > section.size()
                    && parts.subList(0, section.size()).equals(section)) {
                names.add(parts.get(section.size()));
            }
        }
        if (section.equals(MODELS)) {
            names.addAll(modelsOf.apply(found));
        }
        return names.contains(spelt)
                ? List.of(spelt)
                : names.stream()
                        .filter(name -> KeyPattern.spelling(name).equals(KeyPattern.spelling(spelt)))
                        .toList();
    }

    private static String fresh(List<String> section, String spelt) {
        if (!spelt.equals(spelt.toUpperCase(Locale.ROOT))) {
            return spelt; // a variable that was set elsewhere than in a shell, with the very name
        }
        String small = spelt.toLowerCase(Locale.ROOT);
        return section.equals(KAFKA_PROPERTIES) ? small.replace('_', '.') : small;
    }

    /** One way to read a variable's name. */
    private record Candidate(List<String> parts, int knownNames, int fixed) {
        static final Comparator<Candidate> ORDER =
                Comparator.comparingInt(Candidate::knownNames).thenComparingInt(Candidate::fixed);

        Candidate with(String part, int known) {
            var longer = new ArrayList<>(parts);
            longer.add(part);
            return new Candidate(longer, knownNames + known, fixed);
        }

        String key() {
            var key = new StringBuilder();
            parts.forEach(part -> key.append(key.isEmpty() ? "" : ".").append(Key.in("", part)));
            return key.toString();
        }
    }
}
