package dev.augur.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A command of a page.
 *
 * @param text as it would be typed, perhaps on several lines
 * @param expected what the page says it answers: JSON, or a part of what it prints; may be empty
 */
record ShellCommand(String text, String expected) {
    private static final Pattern HERE_DOCUMENT = Pattern.compile("<<'(\\w+)'$");
    private static final String ANSWER = "# {";
    private static final String MORE = "#  ";
    private static final String PRINTED = "# prints ";

    /** The commands in a block; its other comments are passed over. */
    static List<ShellCommand> in(String block) {
        var commands = new ArrayList<ShellCommand>();
        var lines = List.of(block.split("\n"));
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(ANSWER) || line.startsWith(MORE) || line.startsWith(PRINTED)) {
                var last = commands.remove(commands.size() - 1);
                String said = line.startsWith(PRINTED) ? line.substring(PRINTED.length()) : line.substring(2);
                commands.add(new ShellCommand(last.text(), last.expected() + said));
            } else if (!line.startsWith("#") && !line.isBlank()) {
                int end = end(lines, i);
                commands.add(new ShellCommand(String.join("\n", lines.subList(i, end + 1)), ""));
                i = end;
            }
        }
        return commands;
    }

    /** The last line of the command that begins on this one. */
    private static int end(List<String> lines, int first) {
        var document = HERE_DOCUMENT.matcher(lines.get(first));
        if (document.find()) {
            return first + lines.subList(first, lines.size()).indexOf(document.group(1));
        }
        int last = first;
        while (open(String.join("\n", lines.subList(first, last + 1)))) {
            last++;
        }
        return last;
    }

    private static boolean open(String command) {
        return command.endsWith("\\") || command.chars().filter(c -> c == '\'').count() % 2 == 1;
    }
}
