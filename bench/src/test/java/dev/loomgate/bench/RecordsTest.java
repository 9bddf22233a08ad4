package dev.loomgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordsTest {
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
