package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackageCyclesTest {
    @Test
    void whatThePackagesBelowAreGivenIsNoCycle() {
        assertThat(PackageCycles.find(Map.of(
                        "server.Server", Set.of("server.http", "server.exchange", "server.Limits"),
                        "server.http", Set.of("server.exchange", "server.Limits"),
                        "server.exchange", Set.of("server.Limits"))))
                .isEmpty();
    }

    @Test
    void aWayBackToAPackageIsShown() {
        assertThat(PackageCycles.find(Map.of(
                        "server.http", Set.of("server.exchange"),
                        "server.exchange", Set.of("server.listen"),
                        "server.listen", Set.of("server.http"))))
                .contains("server.http -> server.exchange -> server.listen -> server.http");
    }

    @Test
    void soIsOneThroughWhatPutsThePackagesTogether() {
        assertThat(PackageCycles.find(Map.of(
                        "server.Server", Set.of("server.http"),
                        "server.http", Set.of("server.Server"))))
                .containsExactly("server.http -> server.Server -> server.http");
    }

    @Test
    void theClassesOfOnePackageMayKnowEachOther() {
        assertThat(PackageCycles.find(Map.of(
                        "gateway.Body", Set.of("gateway.BodyWriter"),
                        "gateway.BodyWriter", Set.of("gateway.Body"))))
                .isEmpty();
    }
}
