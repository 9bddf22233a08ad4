package dev.loomgate.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void spreadTakesTheMiddleOfSortedValues() {
        assertThat(Spread.of(List.of(9.0, 1.0, 4.0))).isEqualTo(new Spread(1, 4, 9));
        assertThat(Spread.of(List.of(8.0, 2.0, 4.0, 1.0))).isEqualTo(new Spread(1, 3, 8));
        assertThat(new Spread(9.14, 9.41, 10.25).text(1)).isEqualTo("9.4 (9.1 to 10.3)");
    }

    @Test
    void percentilesAreValuesThatWereMeasured() {
        Percentiles hundred = Percentiles.of(
                IntStream.rangeClosed(1, 100).mapToObj(i -> (double) (101 - i)).toList());

        assertThat(hundred.at(0.5)).isEqualTo(50);
        assertThat(hundred.at(0.99)).isEqualTo(99);
        assertThat(hundred.at(1)).isEqualTo(100);
        assertThat(Percentiles.of(List.of()).at(0.5)).isNaN();
    }

    @Test
    void aRoundWithoutCpuWasAnsweredBySomebodyElse() {
        WrkReport report = new WrkReport(1000, 0, 0, 1000, 1, 2);

        assertThat(new Round(report, 0.0, 0).answeredBySomebodyElse()).isTrue();
        assertThat(new Round(report, 7.1, 0).answeredBySomebodyElse()).isFalse();
    }

    @Test
    void tablesLineUp() {
        MarkdownTable table = new MarkdownTable("server", "ms");
        table.row("a", "1000");
        table.row("Loomgate", "1");

        assertThat(table).hasToString("""
                | server   |   ms |
                |----------|-----:|
                | a        | 1000 |
                | Loomgate |    1 |
                """);
    }
}
