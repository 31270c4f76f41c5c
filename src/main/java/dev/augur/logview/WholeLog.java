package dev.augur.logview;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.membership.Nodes;
import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.reading.PageMerge;
import dev.augur.predictionlog.reading.PagePart;
import dev.augur.predictionlog.reading.PagePlace;
import dev.augur.predictionlog.reading.PageQuestion;
import dev.augur.predictionlog.reading.WriterRun;
import dev.augur.statement.ForeignNode;
import dev.augur.statement.NodeStatement;
import dev.augur.worker.JsonWork;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The prediction logs of this node and of all others as one. A log that does not answer is left out and named. Where
 * none answers, everything fails with {@code NOT_READY}; with {@code OVERLOADED} where one has too many questions
 * waiting. Thread-safe; futures complete on their caller's context.
 */
public final class WholeLog {
    /** What one node may answer at least, however many there are. */
    private static final long LEAST_BYTES = 256 << 10;

    /** Writers of which a cursor tells what was read. */
    private static final int MAX_RUNS = 128;

    private final LogSources sources;
    private final Nodes nodes;
    private final JsonWork work;

    /** The logs of these sources; large answers are read and merged by {@code work}. */
    public WholeLog(LogSources sources, JsonWork work) {
        this.sources = sources;
        this.nodes = sources.nodes();
        this.work = work;
    }

    /** How many logs are asked now. */
    public int size() {
        return logs().size();
    }

    /** This node's name. */
    public String node() {
        return nodes.self().node();
    }

    /**
     * The next page.
     *
     * @param gone completes when nobody waits for the answer any more
     */
    public Future<WholePage> page(Future<?> gone, PageQuestion question) {
        var logs = logs();
        long bytes = Math.max(LEAST_BYTES, question.bytes() / Math.max(1, logs.size()));
        var writers = logs.stream().map(LogNode::writer).collect(Collectors.toSet());
        return ask(logs, log -> {
                    var others = new HashSet<>(writers);
                    others.remove(log.writer());
                    return log.page(
                            gone,
                            new PageQuestion(question.filter(), question.limit(), bytes, question.from(), others));
                })
                .compose(answers -> work.run(bytes(answers.given()), gone, () -> draft(question, answers, logs)))
                .compose(
                        draft -> draft.before().of(gone, draft.suspects()).map(shown -> whole(question, draft, shown)));
    }

    /** A page, of which some records may have been shown before. */
    private record Draft(
            WholeLog.Answers<PagePart> answers,
            PageMerge.Merged merged,
            ShownBefore before,
            List<ShownBefore.Suspect> suspects) {}

    private Draft draft(PageQuestion question, Answers<PagePart> answers, List<LogNode> logs) {
        var merged = PageMerge.of(answers.given(), question.limit());
        var before = new ShownBefore(question, answers.from(logs), owners());
        return new Draft(answers, merged, before, before.suspects(merged.lines()));
    }

    private static long bytes(List<PagePart> parts) {
        return parts.stream()
                .flatMap(part -> part.lines().stream())
                .mapToLong(line -> line.json().remaining())
                .sum();
    }

    private WholePage whole(PageQuestion question, Draft draft, Set<String> shown) {
        var merged = draft.merged();
        var unread = new TreeSet<>(question.from().map(PagePlace::names).orElseGet(this::writers));
        unread.removeAll(merged.writers());
        if (!nodes.clustered()) {
            unread.clear(); // folders that were removed meanwhile
        }
        var left = question.from()
                .map(from -> from.without(merged.writers()))
                .filter(rest -> !unread.isEmpty())
                .orElseGet(() -> PagePlace.unread(unread));
        var all = merged.next().map(next -> next.with(left)).orElse(left).begun(runs(question, merged, left));
        return new WholePage(
                merged.lines().stream()
                        .filter(line -> !shown.contains(line.recordId()))
                        .map(PagePart.Line::json)
                        .toList(),
                Optional.of(all).filter(place -> !place.writers().isEmpty()),
                merged.next().isEmpty(),
                draft.answers().missing(unread));
    }

    /** What the pages so far have begun to read; none where it is of one writer alone, or too much for a cursor. */
    private Collection<WriterRun> runs(PageQuestion question, PageMerge.Merged merged, PagePlace left) {
        var runs = new HashMap<String, WriterRun>();
        question.from().ifPresent(from -> from.runs().forEach(run -> runs.put(run.writer(), run)));
        merged.runs().forEach(run -> runs.put(run.writer(), run));
        var writers = new HashSet<>(left.names());
        writers.addAll(runs.keySet());
        return writers.size() > 1 && writers.size() <= MAX_RUNS && nodes.clustered() ? runs.values() : List.of();
    }

    /** A record that a node has; empty if none has it among the newest. Fails where a log that may have it is away. */
    public Future<Optional<FoundRecord>> find(Future<?> gone, String recordId) {
        return ask(logs(), log -> log.find(gone, recordId)).compose(answers -> {
            var found = answers.given().stream()
                    .flatMap(search -> search.found().stream())
                    .toList();
            if (!found.isEmpty()) {
                return Future.succeededFuture(Optional.of(joined(found)));
            }
            var unread = new TreeSet<>(writers());
            answers.given().forEach(search -> search.writers().forEach(unread::remove));
            var missing = answers.missing(unread);
            return missing.isEmpty() ? Future.succeededFuture(Optional.empty()) : unknown(recordId, missing);
        });
    }

    /** Of a record that two nodes have, each may have outcomes. */
    private static FoundRecord joined(List<FoundRecord> found) {
        var first = found.get(0);
        var lines = new ArrayList<>(first.lines());
        found.stream().skip(1).forEach(other -> lines.addAll(other.outcomes()));
        return new FoundRecord(first.node(), first.isPrediction(), lines);
    }

    private static <T> Future<T> unknown(String recordId, List<MissingLog> missing) {
        var away =
                missing.stream().map(each -> each.name() + ": " + each.reason()).collect(Collectors.joining("; "));
        return Future.failedFuture(new ServingException(
                ErrorCode.NOT_READY,
                "no record of record_id \"" + recordId + "\" in the prediction logs that answer; not asked: " + away));
    }

    /** Whether the line of a record is as it was written; empty as that of {@link #find} is. */
    public Future<Optional<Boolean>> verified(Future<?> gone, String recordId) {
        return find(gone, recordId)
                .compose(found -> found.map(record -> at(record.node()).compose(log -> log.verified(gone, recordId)))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    /** Stores what turned out to be true beside a prediction that was found. */
    public Future<Void> tell(FoundRecord prediction, OutcomeRecord outcome) {
        return at(prediction.node()).compose(log -> log.tell(outcome)).recover(failure -> failed(prediction, failure));
    }

    private static Future<Void> failed(FoundRecord prediction, Throwable failure) {
        return Future.failedFuture(
                failure instanceof AwayException
                        ? new ServingException(ErrorCode.NOT_READY, prediction.node() + ": " + failure.getMessage())
                        : failure);
    }

    private Future<LogNode> at(String node) {
        return logs().stream()
                .filter(log -> log.node().equals(node))
                .findFirst()
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(
                        new ServingException(ErrorCode.NOT_READY, "the node that has it does not answer: " + node)));
    }

    /** What was answered, and by the name of its node why something was not. */
    private final class Answers<T> {
        private final List<T> given = new ArrayList<>();
        private final Map<String, String> away = new HashMap<>();

        private List<T> given() {
            return given;
        }

        private List<LogNode> from(List<LogNode> logs) {
            return logs.stream().filter(log -> !away.containsKey(log.node())).toList();
        }

        private List<MissingLog> missing(Set<String> writers) {
            var lastNodes = nodes.writers();
            return writers.stream()
                    .map(writer -> {
                        var node = Optional.ofNullable(lastNodes.get(writer));
                        return new MissingLog(
                                writer, node, node.map(this::reason).orElse("no node has its folder"));
                    })
                    .toList();
        }

        private String reason(String node) {
            String told = away.get(node);
            if (told != null) {
                return told;
            }
            return nodes.find(node)
                    .map(seen -> nodes.answers(seen)
                            ? "it does not have that folder"
                            : "it has said nothing for " + seen.silent().toSeconds() + " s")
                    .or(() -> Optional.ofNullable(nodes.foreign().get(node)).map(ForeignNode::reason))
                    .orElse("it has left");
        }
    }

    private <T> Future<Answers<T>> ask(List<LogNode> logs, Function<LogNode, Future<T>> question) {
        var asked = logs.stream().map(question).toList();
        return Future.join(asked).transform(done -> {
            var answers = new Answers<T>();
            for (int i = 0; i < asked.size(); i++) {
                var answer = asked.get(i);
                if (answer.succeeded()) {
                    answers.given.add(answer.result());
                } else if (answer.cause() instanceof AwayException away) {
                    answers.away.put(logs.get(i).node(), String.valueOf(away.getMessage()));
                } else {
                    return Future.failedFuture(answer.cause());
                }
            }
            return answers.given.isEmpty() ? nobody(answers) : Future.succeededFuture(answers);
        });
    }

    private <T> Future<Answers<T>> nobody(Answers<T> answers) {
        var away = answers.missing(writers()).stream()
                .map(each -> each.name() + ": " + each.reason())
                .collect(Collectors.joining("; "));
        return Future.failedFuture(new ServingException(
                ErrorCode.NOT_READY,
                away.isEmpty()
                        ? "no node that is known here has the role log"
                        : "no node that has the prediction log answers; " + away));
    }

    /** Every writer that this node has heard of, itself among them. */
    private Set<String> writers() {
        var all = new TreeSet<>(nodes.writers().keySet());
        sources.local().map(LocalLog::writer).ifPresent(all::add);
        return all;
    }

    /** By writer the node that writes it, or did last. */
    private Map<String, String> owners() {
        var owners = new HashMap<>(nodes.writers());
        sources.local().ifPresent(log -> owners.put(log.writer(), log.node()));
        return owners;
    }

    private List<LogNode> logs() {
        var logs = new ArrayList<LogNode>();
        sources.local().ifPresent(logs::add);
        for (Nodes.Seen seen : nodes.others()) {
            NodeStatement said = seen.statement();
            if (nodes.answers(seen)) {
                said.identity()
                        .writer()
                        .ifPresent(writer -> logs.add(new RemoteLog(sources, work, said.node(), writer)));
            }
        }
        return logs;
    }
}
