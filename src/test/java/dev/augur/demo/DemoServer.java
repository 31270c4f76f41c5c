package dev.augur.demo;

import dev.augur.testkit.TestServer;
import java.util.ArrayList;
import java.util.List;

/** A server whose tutorial takes no time, unless a test says otherwise. */
final class DemoServer {
    private DemoServer() {}

    static TestServer start(String... settings) throws Exception {
        var all = new ArrayList<>(List.of("demo.fetch-delay=0", "demo.prediction-delay=0", "demo.log-delay=0"));
        all.addAll(List.of(settings));
        return TestServer.start(all.toArray(String[]::new));
    }
}
