package dev.augur.logview;

import dev.augur.predictionlog.reading.PagePlace;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Some records of all nodes, the newest first. Immutable, thread-safe.
 *
 * @param lines their JSON
 * @param next where to go on; also when only writers that are missing may have more
 * @param finished whether those that were read have nothing more
 * @param missing writers that were not read
 */
public record WholePage(List<ByteBuffer> lines, Optional<PagePlace> next, boolean finished, List<MissingLog> missing) {
    public WholePage {
        lines = List.copyOf(lines);
        missing = List.copyOf(missing);
    }
}
