package dev.loomgate.cli.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class JsonTextTest {
    @Test
    void valuesHaveALineEachAndTabs() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("a", 1L);
        value.put("b", List.of("x", Map.of("c", 2)));
        value.put("d", List.of());
        assertThat(JsonText.of(value, false)).isEqualTo("""
                {
                \t"a":1,
                \t"b":[
                \t\t"x",
                \t\t{
                \t\t\t"c":2
                \t\t}
                \t],
                \t"d":[]
                }""");
        assertThat(JsonText.of(value, true)).isEqualTo("{\"a\":1,\"b\":[\"x\",{\"c\":2}],\"d\":[]}");
    }

    @Test
    void whateverAClientSendsStaysText() {
        String text = "\"\\\n\t\u0000\u007f\u009b\u00e9\u20ac\ud83d\ude00";
        String json = JsonText.of(List.of(text), true);
        assertThat(JsonMapper.builder().build().readTree(json).get(0).asString())
                .isEqualTo(text);
        assertThat(json).doesNotContain("\n", "\u007f", "\u009b");
    }
}
