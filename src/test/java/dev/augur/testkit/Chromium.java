package dev.augur.testkit;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The machine's own Chromium, without a window. One for a class of tests; each visit has a profile of its own. */
public final class Chromium implements AutoCloseable {
    private static final List<String> PLACES =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Starts it; fails with what to install where there is none. */
    public static Chromium start() {
        var program = PLACES.stream()
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the tests of the pages need a Chromium, and none of " + PLACES
                        + " is there: apt-get install --no-install-recommends chromium"));
        var playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        var options = new BrowserType.LaunchOptions()
                .setExecutablePath(program)
                .setArgs(List.of("--no-sandbox", "--enable-precise-memory-info")); // no sandbox: tests may run as root
        return new Chromium(playwright, playwright.chromium().launch(options));
    }

    /** Opens a page, with a window of that width, on a desktop that is light or dark. */
    public Visit visit(String url, int width, ColorScheme scheme) {
        var visit = prepare(url, width, scheme);
        visit.page().navigate(url);
        return visit;
    }

    private Visit prepare(String url, int width, ColorScheme scheme) {
        var context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, 900)
                .setColorScheme(scheme)
                .setDeviceScaleFactor(1));
        context.setDefaultTimeout(60_000);
        return new Visit(context, url);
    }

    /** A page as wide as a desk's screen, which has not gone to the address yet. */
    public Visit prepare(String url) {
        return prepare(url, 1_440, ColorScheme.LIGHT);
    }

    /** As wide as a desk's screen, in light. */
    public Visit visit(String url) {
        return visit(url, 1_440, ColorScheme.LIGHT);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
