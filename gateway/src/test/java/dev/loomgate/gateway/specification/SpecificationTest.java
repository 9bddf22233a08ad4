package dev.loomgate.gateway.specification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpecificationTest {
    // Surefire runs in the module's directory.
    private static final Path COMMITTED = Path.of("../docs/gateway-specification.md");

    /// Writes the file, so that after a change of the specification it only has to be committed; a fresh clone in
    /// which it is not up to date fails.
    @Test
    void theFileInTheDocsIsTheSpecification() throws IOException {
        String written = Specification.markdown();
        String committed = Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "";

        if (!committed.equals(written)) {
            Files.createDirectories(COMMITTED.getParent());
            Files.writeString(COMMITTED, written);
        }

        assertThat(committed)
                .as("docs/gateway-specification.md was out of date and is rewritten: look at it and commit it")
                .isEqualTo(written);
    }

    @ParameterizedTest
    @EnumSource
    void everySectionHasClausesNumberedFromOne(Section section) {
        List<Clause> clauses = Clause.of(section);

        assertThat(clauses).isNotEmpty();
        assertThat(clauses.getFirst().number()).isEqualTo(section.number() + ".1");
        assertThat(clauses.getLast().number()).isEqualTo(section.number() + "." + clauses.size());
    }

    @Test
    void everySentenceSaysWhoMustOrMay() {
        assertThat(Arrays.stream(Clause.values()).map(Clause::sentence))
                .allMatch(sentence -> sentence.matches("(?s)(The container|An application|A middleware) MUST .*\\."));
        assertThat(Arrays.stream(Permission.values()).map(Permission::sentence))
                .allMatch(sentence -> sentence.matches("(?s)(A container|An application|A middleware) MAY .*\\."));
    }

    @Test
    void noNumberIsGivenTwice() {
        Stream<String> numbers = Specification.markdown()
                .lines()
                .filter(line -> line.matches("\\*\\*\\d+\\.\\d+\\*\\* .*"))
                .map(line -> line.substring(0, line.indexOf(' ')));

        assertThat(numbers)
                .hasSize(Clause.values().length + Permission.values().length)
                .doesNotHaveDuplicates();
    }
}
