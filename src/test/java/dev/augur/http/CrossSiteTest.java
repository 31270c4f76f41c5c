package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pages of other servers have browsers send here. */
class CrossSiteTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            POST | /v2/repository/models/none/unload | cross-site  | https://shop.example | 403
            POST | /v2/repository/models/none/unload | same-site   | http://localhost:3000 | 403
            POST | /v2/repository/models/none/unload | cross-site  | null                 | 403
            POST | /v2/repository/models/none/unload | same-origin | http://localhost     | 404
            POST | /v2/repository/models/none/unload | none        | http://localhost     | 404
            POST | /console/runs                     | cross-site  | https://shop.example | 403
            POST | /predict/wine                     | cross-site  | https://shop.example | 403
            POST | /predict/wine                     | cross-site  | https://ours.example | 422
            GET  | /health/live                      | cross-site  | https://shop.example | 200
            """)
    void areRefusedWhereTheyDoSomething(String method, String path, String site, String origin, int status)
            throws Exception {
        try (var server = TestServer.start("http.cors.origins=https://ours.example");
                var client = new RawClient(server.port())) {
            client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin
                    + "\r\nSec-Fetch-Site: " + site
                    + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\nConnection: close"
                    + "\r\n\r\n{}");
            assertThat(client.answer()).startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void areToldWhichSettingDecides() throws Exception {
        try (var server = TestServer.start();
                var client = new RawClient(server.port())) {
            client.send("POST /predict/wine HTTP/1.1\r\nHost: localhost\r\nOrigin: https://shop.example\r\n"
                    + "Sec-Fetch-Site: cross-site\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
            assertThat(client.answer())
                    .contains("pages of https://shop.example may not use this server: http.cors.origins does not");
        }
    }
}
