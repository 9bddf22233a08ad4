package dev.loomgate.bench.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.templates.jte.JtePage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The twins' templates are the tracker's, with another class for the page.
@Tag("once")
class TwinTemplatesTest {
    @Test
    void theTwinsHaveTheTrackersTemplates() throws IOException {
        Map<String, String> tracker = templates(Path.of("../tracker/src/main/jte"));

        tracker.replaceAll((_, text) -> text.replace(JtePage.class.getName(), Page.class.getName())
                .replace(JtePage.class.getSimpleName(), Page.class.getSimpleName()));
        assertThat(tracker).hasSize(5);
        assertThat(templates(Path.of("src/main/jte"))).isEqualTo(tracker);
    }

    private static Map<String, String> templates(Path folder) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".jte")).toList()) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return texts;
    }
}
