package dev.augur.cli;

import dev.augur.NodeMemory;
import dev.augur.Server;
import dev.augur.config.ServerConfig;
import dev.augur.membership.Nodes;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** The lines that tell what a node serves and where. One thread. */
record StartReport(Server server, ServerConfig loaded, NodeMemory memory) {
    /** For who watches a start that takes long. */
    static void loading(Server server, PrintStream out) {
        out.println("Augur " + Server.version() + ", " + server.node() + ": "
                + server.models().progress()
                + server.url().map(url -> ", listening at " + url).orElse(""));
        out.flush();
    }

    void print(PrintStream out) {
        long millis = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        out.printf(
                Locale.ROOT,
                "Augur %s, %s: ready in %.1f s%s%n",
                Server.version(),
                server.node(),
                millis / 1_000.0,
                server.url().map(url -> " at " + url).orElse("")
                        + server.managementUrl()
                                .map(url -> ", management at " + url)
                                .orElse(""));
        out.println("  roles   "
                + loaded.roles().stream()
                        .sorted()
                        .map(role -> role.name().toLowerCase(Locale.ROOT))
                        .toList());
        server.routes().forEach(route -> out.println("  route   " + route));
        for (var model : server.models().entries()) {
            out.println("  model   " + model.name() + model.versionText()
                    + model.runner()
                            .map(runner -> ": " + runner.effective())
                            .filter(numbers -> model.ready())
                            .orElse(" NOT LOADED: " + model.reason()));
        }
        if (server.nodes().clustered()) {
            out.println("  cluster " + server.nodes().cluster() + ": " + others(server.nodes()));
        }
        server.logFolder().ifPresent(folder -> {
            out.println("  log     " + folder);
            out.println(
                    "  keeps   " + loaded.predictionLog().ledger().retention().text());
        });
        memory.text().ifPresent(text -> out.println("  memory  " + text));
        out.flush();
    }

    private static String others(Nodes nodes) {
        var others = nodes.others().stream()
                .map(Nodes.Seen::statement)
                .map(node -> node.node() + " " + node.identity().roles() + " at "
                        + node.identity().places().url())
                .toList();
        return others.isEmpty() ? "no other node yet" : String.join(", ", others);
    }
}
