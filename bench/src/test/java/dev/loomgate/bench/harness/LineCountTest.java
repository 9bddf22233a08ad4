package dev.loomgate.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineCountTest {
    @Test
    void blanksCommentsImportsAndThePackageAreNoCode() {
        assertThat(LineCount.of("""
                /// What it is.
                package a.b;

                import static a.b.C.*;
                import java.util.List;

                /*
                 * Two lines
                 */
                /** Javadoc. */
                @Deprecated // as it is
                final class Some { // 2

                    /* before */ int one; /* after */ // 3
                    // nothing
                    int two; /* begins
                    and ends */ int three; // 5
                } // 6
                """)).isEqualTo(6);
    }

    @Test
    void whatLooksLikeACommentInAStringIsCode() {
        assertThat(LineCount.of("""
                String url = "http://a /* b";
                char quote = '"'; // "
                String escaped = "\\\\"; /* c */
                char apostrophe = '\\'';
                int last;
                """)).isEqualTo(5);
    }

    @Test
    void aTextBlocksLinesCountWithoutItsBlankOnes() {
        assertThat(LineCount.of(
                        "String text = \"\"\"\n    // a\n\n    \"b\" \\\"\"\" c\n    /* d\n    \"\"\";\nint last;\n"))
                .isEqualTo(6);
    }

    @Test
    void aCommentWithoutEndEndsWithTheSource() {
        assertThat(LineCount.of("int one; /* two\nthree")).isEqualTo(1);
        assertThat(LineCount.of("")).isZero();
    }
}
