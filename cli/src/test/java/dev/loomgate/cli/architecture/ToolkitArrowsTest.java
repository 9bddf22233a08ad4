package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The arrows between the toolkit's packages, each of them: who adds one adds it here, or finds a better place.
class ToolkitArrowsTest {
    /// What each package uses of the others, from the bottom up. The empty name is the root package, which handlers
    /// import: it knows nothing of rules, resources and middlewares.
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("syntax", Set.of()),
            Map.entry("syntax.multipart", Set.of("syntax")),
            Map.entry("headers", Set.of("syntax")),
            Map.entry("exceptions", Set.of("headers", "syntax")),
            Map.entry("values", Set.of("exceptions", "syntax")),
            Map.entry("variants", Set.of("headers", "syntax")),
            Map.entry("events", Set.of("exceptions", "syntax")),
            Map.entry(
                    "", Set.of("events", "exceptions", "headers", "syntax", "syntax.multipart", "values", "variants")),
            Map.entry("routing.converters", Set.of("syntax")),
            Map.entry("routing.matching", Set.of("routing.converters", "values")),
            Map.entry("routing", Set.of("", "exceptions", "routing.converters", "routing.matching", "syntax")),
            Map.entry(
                    "resources",
                    Set.of("", "exceptions", "middleware", "routing", "routing.converters", "syntax", "values")),
            Map.entry("security", Set.of("", "exceptions", "headers", "middleware", "routing", "syntax")),
            Map.entry("middleware", Set.of("exceptions", "headers", "syntax", "variants")),
            Map.entry("sessions", Set.of("", "exceptions", "syntax", "variants")),
            Map.entry("files", Set.of("", "headers", "syntax", "variants")),
            Map.entry("routes", Set.of("", "files", "syntax")),
            Map.entry("proxy", Set.of("syntax")),
            Map.entry("debug", Set.of("", "events", "exceptions", "resources", "routing", "syntax")),
            Map.entry("test", Set.of("", "events", "syntax")));

    @Test
    void thePackagesUseEachOtherAsDrawn() {
        assertThat(PackageArrows.of(Module.TOOLKIT)).isEqualTo(ARROWS);
    }
}
