package dev.loomgate.bench.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class TrackerLinesTest {
    @Test
    void theTrackerIsNoLongerThanItsShorterTwin() throws IOException {
        TrackerLines lines = TrackerLines.count(Path.of(".."));

        assertThat(lines.programs())
                .extracting(TrackerLines.Program::name)
                .containsExactly("Loomgate", "Javalin", "Helidon");
        assertThat(lines.programs()).allSatisfy(program -> {
            assertThat(program.own()).isGreaterThan(50);
            assertThat(program.all())
                    .isGreaterThanOrEqualTo(lines.programs().getFirst().all());
        });
        assertThat(lines.shared()).isGreaterThan(100);
    }
}
