package dev.loomgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// An environ as a map over the container's variables: what is put, removed and walked through, and what is decoded.
class EnvironOverVariablesTest {
    private final Recorded request = new Recorded(Map.of("A", "a", "B", "b"));
    private final Environ environ = new Environ(request);

    /// Variables that note what is decoded.
    private static final class Recorded implements Variables {
        private final Map<String, String> fields;
        private final List<String> decoded = new ArrayList<>();

        Recorded(Map<String, String> fields) {
            this.fields = new LinkedHashMap<>(fields);
        }

        @Override
        public @Nullable Object get(String key) {
            decoded.add(key);
            return fields.get(key);
        }

        @Override
        public void forEach(BiConsumer<? super String, Object> action) {
            decoded.add("all");
            fields.forEach(action);
        }
    }

    @Test
    void lookingOneUpDecodesNoOther() {
        assertThat(environ.get("A")).isEqualTo("a");
        assertThat(environ.containsKey("C")).isFalse();

        assertThat(request.decoded).containsExactly("A", "C");
    }

    @Test
    void puttingOneDecodesNoOther() {
        assertThat(environ.put("A", "mine")).isEqualTo("a");
        assertThat(environ.put("C", "new")).isNull();

        assertThat(environ.get("A")).isEqualTo("mine");
        assertThat(environ.get("B")).isEqualTo("b");
        assertThat(environ.get("C")).isEqualTo("new");
        assertThat(request.decoded).doesNotContain("all");
    }

    @Test
    void walkingThroughShowsOwnVariablesAndTheRequestsOnes() {
        environ.put("A", "mine");
        environ.put("C", "new");

        assertThat(environ).isEqualTo(Map.of("A", "mine", "B", "b", "C", "new")).hasSize(3);
    }

    private static List<String> apart(Environ environ) {
        List<String> seen = new ArrayList<>();
        boolean there = environ.forEachApart(
                (key, text) -> seen.add(key + "=" + text),
                (bytes, name, nameLength, value, valueLength) ->
                        seen.add(new String(bytes, name, nameLength, StandardCharsets.ISO_8859_1)
                                + ": "
                                + new String(bytes, value, valueLength, StandardCharsets.UTF_8)));
        assertThat(there || seen.isEmpty()).isTrue();
        return seen;
    }

    // Of a request with these header fields, among others of no header.
    private static Environ withFields(String... fields) {
        return new Environ(new Variables() {
            @Override
            public @Nullable Object get(String key) {
                return null;
            }

            @Override
            public void forEach(BiConsumer<? super String, Object> action) {
                action.accept("decoded", "all");
            }

            @Override
            public boolean forEachApart(BiConsumer<? super String, ? super String> variable, Undecoded field) {
                variable.accept("SCRIPT_NAME", "");
                variable.accept("REMOTE_ADDR", "::1");
                for (String each : fields) {
                    byte[] bytes = each.getBytes(StandardCharsets.ISO_8859_1);
                    int colon = each.indexOf(':');
                    field.variable(bytes, 0, colon, colon + 2, bytes.length - colon - 2);
                }
                return true;
            }
        });
    }

    @Test
    void fieldsAreGivenApart() {
        assertThat(apart(withFields("Host: h", "X-A: 1", "X-A: 2")))
                .containsExactly("SCRIPT_NAME=", "REMOTE_ADDR=::1", "Host: h", "X-A: 1", "X-A: 2");
        assertThat(apart(environ)).isEmpty();
    }

    @Test
    void whatIsPutIsGivenInPlaceOfTheFieldsOfItsName() {
        Environ changed = withFields("Host: h", "X-A: 1", "Content-Type: a/b", "X-A: 2", "X-B: 3");
        changed.put("REMOTE_ADDR", "192.0.2.1");
        changed.put("HTTP_X_A", "mine");
        changed.put("CONTENT_TYPE", "c/d");
        changed.put("HTTP_X_NEW", "\u4e2d");
        changed.put("HTTP_NO FIELD", "x");
        changed.put("some.object", new Object());

        assertThat(apart(changed))
                .containsExactlyInAnyOrder(
                        "SCRIPT_NAME=",
                        "REMOTE_ADDR=192.0.2.1",
                        "Host: h",
                        "X-B: 3",
                        "X-A: mine",
                        "CONTENT-TYPE: c/d",
                        "X-NEW: \u4e2d",
                        "HTTP_NO FIELD=x");
    }

    @Test
    void fieldsAreUnavailableOnceTheMapHasBeenWalkedThrough() {
        Environ walked = withFields("Host: h");
        walked.remove("SCRIPT_NAME");

        assertThat(apart(walked)).isEmpty();
    }

    @Test
    void theRequestIsWalkedThroughOnce() {
        environ.keySet().forEach(key -> assertThat(environ).containsKey(key));
        environ.values()
                .forEach(value -> assertThat(environ.containsValue(value)).isTrue());

        assertThat(request.decoded).containsExactly("all");
    }

    @Test
    void whatWasPutAndRemovedDoesNotComeBackFromTheRequest() {
        environ.put("A", "mine");

        assertThat(environ.remove("A")).isEqualTo("mine");
        assertThat(environ.get("A")).isNull();
        assertThat(environ).isEqualTo(Map.of("B", "b"));
    }

    @Test
    void aVariableOfTheRequestCanBeRemovedAndPutAgain() {
        assertThat(environ.remove("A")).isEqualTo("a");
        assertThat(environ.remove("A")).isNull();
        assertThat(environ.containsKey("A")).isFalse();

        environ.put("A", "again");

        assertThat(environ).isEqualTo(Map.of("A", "again", "B", "b"));
    }

    @Test
    void removingThroughAViewRemoves() {
        environ.keySet().remove("A");
        environ.values().removeIf("b"::equals);

        assertThat(environ).isEmpty();
        assertThat(environ.get("A")).isNull();
    }

    @Test
    void clearedIsEmpty() {
        environ.put("C", "new");

        environ.clear();

        assertThat(environ).isEmpty();
        assertThat(environ.get("B")).isNull();
    }

    @Test
    void theDefaultMethodsOfAMapSeeTheRequest() {
        assertThat(environ.getOrDefault("A", "default")).isEqualTo("a");
        assertThat(environ.putIfAbsent("A", "mine")).isEqualTo("a");
        assertThat(environ.computeIfAbsent("C", key -> key + "!")).isEqualTo("C!");
        assertThat(environ.computeIfPresent("B", (key, value) -> null)).isNull();
        assertThat(environ.merge("A", "z", (before, now) -> before + "" + now)).isEqualTo("az");

        assertThat(environ).isEqualTo(Map.of("A", "az", "C", "C!"));
    }

    @Test
    void aCopyChangesByItself() {
        environ.put("C", "new");
        Environ copy = environ.copy();

        copy.put("A", "copy's");
        copy.remove("B");
        environ.put("C", "original's");

        assertThat(copy).isEqualTo(Map.of("A", "copy's", "C", "new"));
        assertThat(environ).isEqualTo(Map.of("A", "a", "B", "b", "C", "original's"));
    }

    @Test
    void copyingDecodesNothing() {
        Environ copy = environ.copy();

        assertThat(copy.get("A")).isEqualTo("a");
        assertThat(request.decoded).containsExactly("A");
    }

    @Test
    void aCopyOfWhatWasRemovedFromLacksItToo() {
        environ.remove("A");

        assertThat(environ.copy()).isEqualTo(Map.of("B", "b"));
    }

    @Test
    void nullIsNoVariable() {
        assertThat(environ.get(null)).isNull();
        assertThat(environ.containsKey(null)).isFalse();
        assertThatThrownBy(() -> environ.put("A", nothing())).isInstanceOf(NullPointerException.class);
        assertThat(environ.get("A")).isEqualTo("a");
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }
}
