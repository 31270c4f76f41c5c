package dev.augur.logview;

import dev.augur.predictionlog.reading.PagePart.Line;
import dev.augur.predictionlog.reading.PagePlace;
import dev.augur.predictionlog.reading.PageQuestion;
import dev.augur.predictionlog.reading.RecordHead;
import dev.augur.predictionlog.reading.WriterRun;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the records of a page that the pages before have shown already: those that another log has, too, at a place
 * that they have passed. A node gives its own log what it predicts, and no other one, so only records that another node
 * than the log's has made are asked for. Immutable, thread-safe.
 *
 * @param question for this page
 * @param logs that have answered it
 * @param owners by writer the node that writes it, or did last
 */
record ShownBefore(PageQuestion question, List<LogNode> logs, Map<String, String> owners) {
    /** A record that another log may have, told of by a writer. */
    record Suspect(String recordId, String writer, Line line) {}

    /** Of the lines of a page those that may have been shown; none on the first page, nor where one writer is read. */
    List<Suspect> suspects(List<Line> lines) {
        var runs = runs();
        return lines.stream()
                .map(line -> new Suspect(line.recordId(), line.place().cursor().writer(), line))
                .filter(each -> runs.stream().anyMatch(run -> !run.writer().equals(each.writer())))
                .filter(each -> !isOwn(each))
                .toList();
    }

    /** Each of the outcomes of a prediction is in one log, and may have come after it was passed there. */
    private List<WriterRun> runs() {
        return question.filter().outcome().isPresent()
                ? List.of()
                : question.from().map(PagePlace::runs).orElse(List.of());
    }

    private boolean isOwn(Suspect suspect) {
        String owner = owners.get(suspect.writer());
        return owner != null
                && owner.equals(RecordHead.of(suspect.line().json().array()).node());
    }

    /**
     * The ids of those that were shown. Those which a log has that does not answer are not among them: a record is
     * rather shown twice than not at all.
     */
    Future<Set<String>> of(Future<?> gone, List<Suspect> suspects) {
        var writers = logs.stream().map(LogNode::writer).collect(Collectors.toSet());
        var asked = logs.stream()
                .map(log -> {
                    var ids = suspects.stream()
                            .filter(suspect -> mayHave(log, suspect, writers))
                            .map(Suspect::recordId)
                            .collect(Collectors.toSet());
                    return ids.isEmpty() ? nothing() : passed(gone, log, ids);
                })
                .toList();
        return Future.all(asked).map(answers -> {
            var shown = new HashSet<String>();
            answers.<Set<String>>list().forEach(shown::addAll);
            return shown;
        });
    }

    /** Whether it has the folder of another writer: its own, or one that no node writes now. */
    private boolean mayHave(LogNode log, Suspect suspect, Set<String> writers) {
        return runs().stream()
                .map(WriterRun::writer)
                .filter(writer -> !writer.equals(suspect.writer()))
                .anyMatch(writer -> writer.equals(log.writer()) || !writers.contains(writer));
    }

    private Future<Set<String>> passed(Future<?> gone, LogNode log, Set<String> ids) {
        return log.passed(gone, question.from().orElseThrow(), ids).recover(ShownBefore::unknown);
    }

    private static Future<Set<String>> unknown(Throwable failure) {
        return failure instanceof AwayException ? nothing() : Future.failedFuture(failure);
    }

    private static Future<Set<String>> nothing() {
        return Future.succeededFuture(Set.of());
    }
}
