package dev.augur.http;

import java.util.List;
import java.util.Random;

/** Heads of requests made of pieces that are right, and damaged in a few places. */
final class FuzzedHead {
    private static final List<String> METHODS =
            List.of("GET", "POST", "HEAD", "OPTIONS", "PUT", "get", "G\0T", "", "CONNECT", "TRACE", "PRI");
    private static final List<String> TARGETS = List.of(
            "/v2/models/iris/infer",
            "/v2/models/iris",
            "/predict/wine",
            "/double",
            "/predictions",
            "/pipelines",
            "/v2/repository/index",
            "/v2/repository/models/x/load",
            "/health/live",
            "*",
            "http://t/v2",
            "//",
            "/",
            "",
            "/v2/../v2");
    private static final List<String> PIECES = List.of(
            "%",
            "%zz",
            "%00",
            "%c0%af",
            "%2f",
            "?",
            "?%",
            "?a=%zz",
            "&&",
            ";",
            "#",
            "..",
            "//",
            " ",
            "\t",
            "\u00ff",
            "\0",
            "{",
            "\\",
            "=",
            "?explain=features",
            "?limit=-1",
            "?limit=99999999999",
            "?cursor=x",
            "?since=x",
            "%ff%fe",
            "+",
            "'",
            "\"");
    private static final List<String> VERSIONS = List.of(
            "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/9.9", "FTP/1.1", "JUNK", "");
    private static final List<String> HEADERS = List.of(
            "Host: t",
            "Host: t",
            "Host:",
            "Content-Length: 2",
            "Content-Length: -1",
            "Content-Length: 99999999999",
            "Content-Length: x",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: gzip",
            "Content-Type: application/json",
            "Content-Type: ;;=\"",
            "Content-Type: application/json; charset=",
            "Content-Encoding: gzip",
            "Expect: 100-continue",
            "Expect: x",
            "X-Request-Timeout: 1",
            "X-Request-Timeout: x",
            "X-Request-Id: \u00ff",
            "traceparent: x",
            "Accept-Encoding: gzip;q=x, *",
            "Inference-Header-Content-Length: 1",
            "Inference-Header-Content-Length: -1",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Origin: x",
            "Cookie: a=%zz; =",
            "Range: bytes=0-",
            ": x",
            " folded",
            "X",
            "X : y",
            "\u00e4: b",
            "Forwarded: host=%zz",
            "X-Forwarded-Host: %zz",
            "Sec-WebSocket-Key: x");
    private static final List<String> BODIES = List.of("", "{}", "{\"item_id\":1}", "0\r\n\r\n", "zz\r\n", "\u00ff\0");

    private FuzzedHead() {}

    static String of(Random random) {
        var head = new StringBuilder(one(METHODS, random)).append(' ').append(one(TARGETS, random));
        for (int i = random.nextInt(3); i > 0; i--) {
            head.insert(random.nextInt(head.length() + 1), one(PIECES, random));
        }
        head.append(' ').append(one(VERSIONS, random)).append("\r\n");
        for (int i = random.nextInt(7); i > 0; i--) {
            head.append(one(HEADERS, random)).append(random.nextInt(20) == 0 ? "\n" : "\r\n");
        }
        return head.append("\r\n").append(one(BODIES, random)).toString();
    }

    private static String one(List<String> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
