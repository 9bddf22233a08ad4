package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The arrows between the gateway's packages, each of them. The empty name is the root package, the contract: it knows
/// neither what is written of it nor what checks it.
class GatewayArrowsTest {
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "", Set.of(),
            "specification", Set.of(),
            "direct", Set.of(""),
            "kind", Set.of(""),
            "lint.exchange", Set.of("", "specification"),
            "lint.request", Set.of("", "specification", "lint.exchange"),
            "lint.response", Set.of("", "specification", "lint.exchange"),
            "lint", Set.of("", "specification", "lint.exchange", "lint.request", "lint.response"));

    @Test
    void thePackagesUseEachOtherAsDrawn() {
        assertThat(PackageArrows.of(Module.GATEWAY)).isEqualTo(ARROWS);
    }
}
