package dev.augur.logview;

import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.PredictionLog;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.reading.PagePart;
import dev.augur.predictionlog.reading.PagePlace;
import dev.augur.predictionlog.reading.PageQuestion;
import dev.augur.predictionlog.reading.PredictionLogReader;
import dev.augur.predictionlog.reading.RecordHead;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The log of this node. Thread-safe.
 *
 * @param node this node's name
 * @param writer the writer whose log it writes
 * @param outcomes takes what turned out to be true
 */
public record LocalLog(String node, String writer, PredictionLogReader reader, PredictionLog outcomes)
        implements LogNode {
    private static final Duration ACKNOWLEDGE = Duration.ofSeconds(10);

    @Override
    public Future<PagePart> page(Future<?> gone, PageQuestion question) {
        return reader.page(gone, question, PagePart::of);
    }

    @Override
    public Future<Set<String>> passed(Future<?> gone, PagePlace from, Set<String> ids) {
        return reader.passed(gone, from, ids);
    }

    @Override
    public Future<Search> find(Future<?> gone, String recordId) {
        return reader.find(gone, recordId).compose(line -> line.map(found -> found(gone, recordId, found))
                .orElseGet(() -> reader.writers().map(writers -> new Search(Optional.empty(), writers))));
    }

    private Future<Search> found(Future<?> gone, String recordId, LedgerLine line) {
        boolean prediction = RecordHead.of(line.bytes()).isPrediction();
        var told = prediction ? reader.outcomes(gone, recordId) : Future.succeededFuture(List.<LedgerLine>of());
        return told.map(outcomes -> {
            var lines = Stream.concat(Stream.of(line), outcomes.stream()).map(LedgerLine::bytes);
            return new Search(Optional.of(new FoundRecord(node, prediction, lines.toList())), List.of(writer));
        });
    }

    @Override
    public Future<Optional<Boolean>> verified(Future<?> gone, String recordId) {
        return reader.find(gone, recordId)
                .compose(line -> line.map(found -> reader.verified(gone, found).map(Optional::of))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    @Override
    public Future<Void> tell(OutcomeRecord outcome) {
        return outcomes.store(Future.succeededFuture(outcome), ACKNOWLEDGE);
    }
}
