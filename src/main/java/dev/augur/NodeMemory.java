package dev.augur;

import dev.augur.config.Role;
import dev.augur.config.ServerConfig;
import dev.augur.memory.MemoryLimit;
import dev.augur.memory.MemoryNeed;
import dev.augur.model.ModelRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether the memory of a container or machine is enough for a node. Thread-safe.
 *
 * @param limit how much there is; empty where nothing says so
 */
public record NodeMemory(Optional<MemoryLimit> limit, MemoryNeed need) {
    /** Of a node that this JVM would be, with this configuration. Blocks: it looks at the files of the models. */
    public static NodeMemory of(ServerConfig config) {
        var limits = config.http().limits();
        boolean routes = config.cluster().enabled() && config.roles().contains(Role.HTTP);
        long bodies = limits.bodyMemoryBytes() + (routes ? limits.answerMemoryBytes() : 0); // of other nodes
        return new NodeMemory(
                MemoryLimit.of(Path.of("/")),
                new MemoryNeed(Runtime.getRuntime().maxMemory(), bodies, modelFileBytes(config)));
    }

    /** What it may need, and of how much; empty where nothing says how much there is. */
    public Optional<String> text() {
        return limit.map(need::text);
    }

    /** What is wrong and what to do about it. */
    public Optional<String> fault() {
        return limit.flatMap(need::fault);
    }

    private static long modelFileBytes(ServerConfig config) {
        var models = config.models();
        var repository = new ModelRepository(models.repository());
        long bytes = 0;
        try {
            for (String name : config.roles().contains(Role.PREDICT) ? repository.names() : List.<String>of()) {
                for (String version : models.of(name).versions().select(repository.versions(name))) {
                    bytes += repository.fileBytes(name, version);
                }
            }
        } catch (IOException e) {
            return bytes; // the start says why
        }
        return bytes;
    }
}
