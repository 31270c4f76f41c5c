package dev.augur.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation, taken apart. Immutable. */
public record Markdown(Path file, List<String> lines) {
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final String FENCE = "```";

    public Markdown {
        lines = List.copyOf(lines);
    }

    /** A block of code and the language it says it is in, which may be empty. */
    public record Block(String language, String text) {}

    /** A link; the target is as it is written. */
    public record Link(String text, String target) {
        /** What stands as code in the link's text. */
        public List<String> codes() {
            return Markdown.codes(text);
        }
    }

    public static Markdown read(Path file) throws IOException {
        return new Markdown(file, Files.readAllLines(file));
    }

    /** Every page there is. */
    public static List<Markdown> all() throws IOException {
        var pages = new ArrayList<Markdown>();
        pages.add(read(Path.of("README.md")));
        for (String folder : List.of("src", "conf")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".md"))
                        .sorted()
                        .toList()) {
                    pages.add(read(file));
                }
            }
        }
        return pages;
    }

    /** The blocks of code, in order. */
    public List<Block> blocks() {
        var blocks = new ArrayList<Block>();
        List<String> open = null;
        String language = "";
        for (String line : lines) {
            if (line.startsWith(FENCE) && open == null) {
                open = new ArrayList<>();
                language = line.substring(FENCE.length());
            } else if (line.startsWith(FENCE) && open != null) {
                blocks.add(new Block(language, String.join("\n", open)));
                open = null;
            } else if (open != null) {
                open.add(line);
            }
        }
        return blocks;
    }

    /** The lines that are no code. */
    public List<String> prose() {
        var prose = new ArrayList<String>();
        boolean code = false;
        for (String line : lines) {
            if (line.startsWith(FENCE)) {
                code = !code;
            } else if (!code) {
                prose.add(line);
            }
        }
        return prose;
    }

    /** The links outside of code, in order. */
    public List<Link> links() {
        return LINK.matcher(String.join("\n", prose()))
                .results()
                .map(match -> new Link(match.group(1), match.group(2)))
                .toList();
    }

    /** What a link behind {@code #} may say: the headings, as GitHub spells them. */
    public Set<String> anchors() {
        var anchors = new HashSet<String>();
        prose().stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .forEach(anchors::add);
        return anchors;
    }

    /** The rows of all tables, each with its cells. */
    public List<List<String>> rows() {
        return rows(prose());
    }

    /** The rows of the tables below each heading, by its text up to a colon. */
    public Map<String, List<List<String>>> rowsByHeading() {
        var lines = new LinkedHashMap<String, List<String>>();
        String heading = "";
        for (String line : prose()) {
            if (line.startsWith("#")) {
                heading = line.replaceFirst("#+ ", "").replaceFirst(":.*", "");
            }
            lines.computeIfAbsent(heading, found -> new ArrayList<>()).add(line);
        }
        var rows = new LinkedHashMap<String, List<List<String>>>();
        lines.forEach((above, below) -> rows.put(above, rows(below)));
        return rows;
    }

    private static List<List<String>> rows(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("|"))
                .map(line -> Stream.of(line.substring(1).split("\\|", -1))
                        .map(String::strip)
                        .toList())
                .map(cells -> cells.subList(0, cells.size() - 1))
                .toList();
    }

    /** What stands as code in a text. */
    public static List<String> codes(String text) {
        return CODE.matcher(text).results().map(match -> match.group(1)).toList();
    }
}
