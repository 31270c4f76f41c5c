package dev.augur.testkit;

/** What {@code /metrics} says. */
public final class Scrape {
    private Scrape() {}

    /** The value of one meter; 0 if it is not there. */
    public static double value(String scrape, String nameAndTags) {
        return scrape.lines()
                .filter(line -> line.startsWith(nameAndTags + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }
}
