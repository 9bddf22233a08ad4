package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.exceptions.BadRequestKeyError;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MultiMapTest {
    private final MultiMap<String> map = MultiMap.of("a", "1", "b", "x", "a", "2");

    @Test
    void theFirstValueIsTheOneThatCounts() {
        assertThat(map.get("a", "?")).isEqualTo("1");
        assertThat(map.get("c", "?")).isEqualTo("?");
        assertThat(map.first("b")).contains("x");
        assertThat(map.all("a")).containsExactly("1", "2");
        assertThat(map.all("c")).isEmpty();
        assertThat(map.names()).containsExactly("a", "b");
        assertThat(map.size()).isEqualTo(3);
    }

    @Test
    void aValueThatCannotBeConvertedCountsAsMissing() {
        assertThat(map.get("a", Integer::valueOf, 7)).isEqualTo(1);
        assertThat(map.get("b", Integer::valueOf, 7)).isEqualTo(7);
        assertThat(map.get("c", Integer::valueOf, 7)).isEqualTo(7);
    }

    @Test
    void aMissingValueThatIsRequiredIsABadRequest() {
        assertThatThrownBy(() -> map.required("c")).isInstanceOfSatisfying(BadRequestKeyError.class, e -> {
            assertThat(e.key()).isEqualTo("c");
            assertThat(e.page()).doesNotContain("\"c\"");
            assertThat(e).hasMessageContaining("\"c\"");
        });
    }

    @Test
    void manyNamesAnswerAsFewDo() {
        MultiMap.Builder<String> builder = MultiMap.builder();
        IntStream.range(0, 5_000).forEach(i -> builder.add("n" + i % 1_000, "v" + i));
        MultiMap<String> large = builder.build();

        assertThat(large.get("n999", "")).isEqualTo("v999");
        assertThat(large.all("n7")).containsExactly("v7", "v1007", "v2007", "v3007", "v4007");
        assertThat(large.contains("n1000")).isFalse();
        assertThat(large).isNotEqualTo(map).isEqualTo(large);
    }
}
