package dev.augur.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code GET /predictions} finds over all nodes, page by page.
 *
 * @param ids of the records of predictions that went well, as often as they are found
 * @param missing how many logs are away
 */
record FoundRecords(List<String> ids, int missing) {
    static FoundRecords all(AugurProcess node) throws Exception {
        var ids = new ArrayList<String>();
        String cursor = "";
        while (true) {
            var answer = node.get("/predictions?limit=1000&status=OK" + cursor);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            var page = new JsonObject(answer.body());
            page.getJsonArray("records").forEach(one -> ids.add(((JsonObject) one).getString("record_id")));
            if (page.getBoolean("finished")) {
                var missing = page.getJsonArray("missing");
                return new FoundRecords(ids, missing == null ? 0 : missing.size());
            }
            cursor = "&cursor=" + page.getString("cursor");
        }
    }
}
