package dev.loomgate.gateway.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.loomgate.gateway.specification.Clause;
import dev.loomgate.gateway.specification.LintException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each clause is broken in at least one way, and the lint names it and the offending value.
class EveryClauseTest {
    static Stream<Case> cases() {
        return Stream.of(
                        StartCases.all(),
                        EnvironCases.all(),
                        InputCases.all(),
                        BodyCases.all(),
                        WebSocketCases.all(),
                        MiddlewareCases.all())
                .flatMap(List::stream);
    }

    @Test
    void noClauseIsDecoration() {
        assertThat(cases().map(Case::clause).collect(Collectors.toSet())).isEqualTo(EnumSet.allOf(Clause.class));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aViolationIsNamedWithItsValue(Case violation) {
        List<LintException> found = new ArrayList<>();

        Throwable thrown = catchThrowable(() -> violation.act().run(new Lint(found::add)));

        assertThat(found).as("told to the listener, before %s", thrown).hasSizeGreaterThanOrEqualTo(1);
        LintException first = found.getFirst();
        assertThat(first.clause()).as(first.getMessage()).isEqualTo(violation.clause());
        assertThat(first.value()).startsWith(violation.value());
        assertThat(first)
                .hasMessage("%s: against %s (%s) of the gateway specification: %s"
                        .formatted(
                                first.value(),
                                first.clause().number(),
                                first.clause(),
                                first.clause().sentence()));
        assertThat(thrown).as("what the one at fault gets").isNotNull();
    }
}
