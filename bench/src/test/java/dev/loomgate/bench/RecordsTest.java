package dev.loomgate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.bench.tables.Effort;
import dev.loomgate.bench.tables.Table;
import org.junit.jupiter.api.Test;

class RecordsTest {
    @Test
    void tablesAreAskedForByLetterAndAllOfThemByDefault() {
        assertThat(Arguments.parse("b", "--quick", "--only=Netty,uWSGI sync"))
                .satisfies(asked ->
                        assertThat(asked.tables()).extracting(Table::letter).containsExactly("b"))
                .satisfies(asked -> assertThat(asked.effort()).isEqualTo(Effort.QUICK))
                .satisfies(asked -> assertThat(asked.only()).containsExactly("Netty", "uWSGI sync"));
        assertThat(Arguments.parse().tables())
                .extracting(Table::letter)
                .containsExactly("a b c d e f g h i j k l m n o p q r s t u v w x".split(" "));
    }

    @Test
    void anUnknownTableIsRefusedWithTheOnesThereAre() {
        assertThatThrownBy(() -> Arguments.parse("z"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "no table z; there are a b c d e f g h i j k l m n o p q r s t u v w x, and the options --quick and --only=NAME,...");
    }

    @Test
    void sectionsOfOtherTablesSurvive() {
        assertThat(ResultsFile.sections("""
                # Measurements

                head

                ## (a) Hello

                | a |

                ## (d) Sleeping

                text (b) ## no heading
                """))
                .containsOnlyKeys("a", "d")
                .containsEntry("a", "## (a) Hello\n\n| a |\n")
                .containsEntry("d", "## (d) Sleeping\n\ntext (b) ## no heading\n");
    }

    @Test
    void theSleepersReportTravelsAsOneLine() {
        SleeperReport report = new SleeperReport(1000, 10.1, 13.3, 4.3, 60.25, 2442, -2654, 80_176, true);

        assertThat(SleeperReport.parse("WARNING: something\n" + report.line() + "\n"))
                .isEqualTo(report);
    }
}
