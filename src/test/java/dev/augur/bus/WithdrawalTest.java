package dev.augur.bus;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.BareMember;
import dev.augur.testkit.ChildProcess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An address that was taken from the others is still answered here. */
class WithdrawalTest {
    private static final String ADDRESS = "test.withdrawn";

    @Test
    void othersSendElsewhereAndWhatComesIsStillAnswered() throws Exception {
        int port = ChildProcess.freePort();
        var leaves = BareMember.join(port, Map.of());
        var stays = BareMember.join(port, Map.of());
        try {
            var consumer = leaves.eventBus().<String>consumer(ADDRESS, message -> message.reply("leaves"));
            await(consumer.completion());
            eventually(() -> ask(stays).equals("leaves"));

            await(Withdrawal.of(leaves, List.of(ADDRESS)));

            eventually(() -> ask(stays).contains("No handlers"));
            assertThat(ask(leaves)).isEqualTo("leaves");
            await(stays.eventBus()
                    .<String>consumer(ADDRESS, message -> message.reply("stays"))
                    .completion());
            eventually(() -> ask(leaves).equals("stays"));
            assertThat(ask(stays)).isEqualTo("stays");
            await(consumer.unregister());
        } finally {
            await(stays.close());
            await(leaves.close());
        }
    }

    private static String ask(Vertx vertx) throws Exception {
        return await(vertx.eventBus()
                .<String>request(ADDRESS, "")
                .map(answer -> String.valueOf(answer.body()))
                .recover(failure -> Future.succeededFuture(String.valueOf(failure.getMessage()))));
    }
}
