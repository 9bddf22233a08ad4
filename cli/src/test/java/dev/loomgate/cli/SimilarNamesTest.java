package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarNamesTest {
    private static final SimilarNames NAMES =
            new SimilarNames(List.of("--max-uri", "--max-requests", "--max-headers", "--max-body", "--http", "--pp"));

    @ParameterizedTest
    @CsvSource({
        "'', '', 0",
        "'', abc, 3",
        "abc, abc, 0",
        "abc, acb, 1",
        "abc, abxc, 1",
        "abc, ac, 1",
        "abc, axc, 1",
        "kitten, sitting, 3",
        "ca, abc, 3",
    })
    void errorsAreCounted(String a, String b, int errors) {
        assertThat(SimilarNames.errors(a, b)).isEqualTo(errors);
        assertThat(SimilarNames.errors(b, a)).isEqualTo(errors);
    }

    @Test
    void theFewestErrorsCount() {
        assertThat(NAMES.byTypos("--max-header")).containsExactly("--max-headers");
        assertThat(NAMES.byTypos("--max-reqeust")).containsExactly("--max-requests");
    }

    @Test
    void aThirdOfAShortNameMayBeWrong() {
        assertThat(NAMES.byTypos("--htp")).containsExactly("--http");
        assertThat(NAMES.byTypos("--hpt")).isEmpty();
        assertThat(NAMES.byTypos("--p")).isEmpty();
    }

    @Test
    void namesThatAreEquallyNearAreSaidUnlessThereAreMany() {
        assertThat(new SimilarNames(List.of("--east", "--last", "--fast")).byTypos("--bast"))
                .containsExactly("--east", "--fast", "--last");
        assertThat(new SimilarNames(List.of("--east", "--last", "--fast", "--cast")).byTypos("--bast"))
                .isEmpty();
    }

    @Test
    void theBeginningOfAFewNamesIsEnough() {
        assertThat(NAMES.byBeginning("--max-req")).containsExactly("--max-requests");
        assertThat(NAMES.byBeginning("--max")).isEmpty();
        assertThat(NAMES.byBeginning("--ht")).isEmpty();
    }
}
