package dev.augur.load;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A candidate that serves. Used on one thread. */
record Server(Candidate candidate, Program program, String url) implements AutoCloseable {
    private static final Pattern RECORDS =
            Pattern.compile("augur_prediction_log_records_total\\{outcome=\"(stored|dropped|offered)\"} (\\S+)");
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Asks once; an answer that is not 200 ends the contest. */
    @CanIgnoreReturnValue // to check it
    String answer(Target target, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + target.path()))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new LoadException(candidate.title() + ": " + target.path() + " answers " + response.statusCode()
                    + ": " + response.body());
        }
        return response.body();
    }

    /** What became of its records, of which one that was dropped cost nothing; empty for a server without a log. */
    String records() throws IOException, InterruptedException {
        if (candidate != Candidate.AFTER && candidate != Candidate.BEFORE) {
            return "";
        }
        var request = HttpRequest.newBuilder(URI.create(url + "/metrics")).build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .map(RECORDS::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1) + " " + (long) Double.parseDouble(line.group(2)))
                .collect(Collectors.joining(", ", candidate.title() + ", records: ", "\n"));
    }

    /** Posts the target's bodies from that many connections. */
    @CanIgnoreReturnValue // to warm up
    Sample load(Target target, Path folder, Wrk.Load load) throws IOException, InterruptedException {
        return Wrk.run(program, url + target.path(), target.file(folder), load);
    }

    @Override
    public void close() {
        program.close();
    }
}
