package dev.augur;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.Deployments.Part;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The order in which a server stops. */
@ExtendWith(VertxExtension.class)
class DeploymentsTest {
    private final List<String> stopped = new CopyOnWriteArrayList<>();
    private Deployments deployments;

    /** Says when it stops, and fails then if its name says so. */
    private final class Noted extends VerticleBase {
        private final String name;

        private Noted(String name) {
            this.name = name;
        }

        @Override
        public Future<?> stop() {
            stopped.add(name);
            return name.startsWith("fails") ? Future.failedFuture(name) : Future.succeededFuture();
        }
    }

    @BeforeEach
    void start(Vertx vertx) {
        deployments = new Deployments(vertx);
    }

    @Test
    void undeploysAPartWhateverWasDeployedAfterIt() throws Exception {
        deploy(Part.LOG, "log");
        deploy(Part.HTTP, "http");
        deploy(Part.CONSUMERS, "consumers");

        await(deployments.undeploy(Part.HTTP));
        assertThat(stopped).containsExactly("http");
        await(deployments.undeploy(Part.HTTP));
        await(deployments.undeployAll());
        assertThat(stopped).containsExactly("http", "consumers", "log");
    }

    @Test
    void undeploysAllInReverseAndFailsWithTheFirstFailure() throws Exception {
        deploy(Part.LOG, "fails last");
        deploy(Part.PREDICTION, "models");
        deploy(Part.PREDICTION, "fails first");

        assertThatThrownBy(() -> await(deployments.undeployAll())).hasRootCauseMessage("fails first");
        assertThat(stopped).containsExactly("fails first", "models", "fails last");
    }

    private void deploy(Part part, String name) throws Exception {
        await(deployments.deploy(part, () -> new Noted(name), 1));
    }
}
