package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.exceptions.BadRequestKeyError;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
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
    void whatTheJdksTypesRefuseCountsAsMissingToo() {
        LocalDate today = LocalDate.EPOCH;
        assertThat(map.get("b", LocalDate::parse, today)).isEqualTo(today);
        assertThat(map.<Object>get("b", ZoneId::of, "none")).isEqualTo("none");
        assertThat(map.get("b", text -> text.charAt(5), 'c')).isEqualTo('c');
        assertThat(map.get("a", text -> Math.toIntExact(Long.parseLong(text) << 40), 7))
                .isEqualTo(7);
        assertThatThrownBy(() -> map.get("a", _ -> Objects.requireNonNull((Integer) null, "a mistake"), 7))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("a mistake");
    }

    enum Kind {
        CAT,
        DOG
    }

    @Test
    void aTypesOwnTextsAreStrict() {
        MultiMap<String> numbers = MultiMap.of(
                "n", "12", "plus", "+1", "blank", " 1 ", "arabic", "\u0661", "float", "1d", "nan", "NaN", "kind", "cat",
                "zero", "0");
        assertThat(numbers.get("n", int.class, 7)).isEqualTo(12);
        assertThat(numbers.get("n", Long.class, 7L)).isEqualTo(12L);
        assertThat(numbers.get("n", double.class, 7.0)).isEqualTo(12.0);
        for (String name : List.of("plus", "blank", "arabic", "float", "nan", "none")) {
            assertThat(numbers.get(name, int.class, 7)).as(name).isEqualTo(7);
            assertThat(numbers.get(name, double.class, 7.0)).as(name).isEqualTo(7.0);
        }
        assertThat(numbers.get("kind", Kind.class, Kind.DOG)).isEqualTo(Kind.CAT);
        assertThat(numbers.get("zero", Kind.class, Kind.DOG)).isEqualTo(Kind.DOG);
        assertThat(numbers.get("n", UUID.class, new UUID(1, 2))).isEqualTo(new UUID(1, 2));
        assertThatThrownBy(() -> numbers.get("n", Thread.class, Thread.currentThread()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Thread");
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

    @Test
    void aValueOfATypeIsThereOrRefused() {
        MultiMap<String> query = MultiMap.of("page", "2", "most", "many", "at", "2026-11-28");

        assertThat(query.value("page", int.class)).contains(2);
        assertThat(query.value("size", int.class)).isEmpty();
        assertThat(query.required("at", LocalDate.class)).isEqualTo(LocalDate.of(2026, 11, 28));
        assertThatThrownBy(() -> query.value("most", int.class))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining(
                        "The value for \"most\" must be a whole number from -2147483648 to 2147483647, not"
                                + " \"many\".");
        assertThatThrownBy(() -> query.required("most", long.class)).isInstanceOf(BadRequest.class);
        assertThatThrownBy(() -> query.required("size", int.class)).isInstanceOf(BadRequestKeyError.class);
        assertThatThrownBy(() -> query.value("page", Object.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a text is no java.lang.Object: convert it by a function");
    }
}
