package dev.augur.testkit;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One page that a test looks at, and what went wrong in it. */
public final class Visit implements AutoCloseable {
    private final BrowserContext context;
    private final Page page;
    private final String url;
    private final List<String> faults = new CopyOnWriteArrayList<>();

    Visit(BrowserContext context, String url) {
        this.context = context;
        this.url = url;
        this.page = context.newPage();
        String host = URI.create(url).getAuthority();
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                faults.add(message.text() + " at " + message.location());
            }
        });
        page.onPageError(error -> faults.add("thrown: " + error));
        page.onRequest(request -> {
            if (!host.equals(URI.create(request.url().split("[?#]", 2)[0]).getAuthority())
                    && !request.url().startsWith("data:")) {
                faults.add("a request to another host: " + request.url());
            }
        });
    }

    public Page page() {
        return page;
    }

    /** Goes to what stands behind the # of the address. */
    public Visit at(String hash) {
        page.navigate(url + "#" + hash);
        return this;
    }

    /** Errors and warnings of the console, what was thrown, and requests to other hosts. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public void close() {
        context.close();
    }
}
