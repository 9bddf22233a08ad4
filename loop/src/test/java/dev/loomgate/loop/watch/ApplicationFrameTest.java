package dev.loomgate.loop.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ApplicationFrameTest {
    @Test
    void frameOfTheApplicationIsNamedBeforeTheJdks() {
        StackTraceElement[] stack = {
            new StackTraceElement("java.util.HashMap", "get", "HashMap.java", 1),
            new StackTraceElement("dev.loomgate.loop.Loop", "offload", "Loop.java", 2),
            new StackTraceElement("com.example.Shop", "pay", "Shop.java", 3),
            new StackTraceElement("com.example.Main", "main", "Main.java", 4)
        };
        assertThat(ApplicationFrame.in(stack)).isEqualTo("com.example.Shop.pay(Shop.java:3)");
        assertThat(ApplicationFrame.in(new StackTraceElement[] {stack[0]}))
                .isEqualTo("java.util.HashMap.get(HashMap.java:1)");
        assertThat(ApplicationFrame.in(new StackTraceElement[0])).isEqualTo("an unknown place");
    }

    @Test
    void moduleBeforeAFrameAndAHiddenClassMakeNoDifference() {
        String hidden = "com.example.Shop$$Lambda/0x00007f1c48000a00.get(Unknown Source)";
        assertThat(ApplicationFrame.inTexts(List.of(
                        "java.base/java.util.HashMap.get(HashMap.java:1)",
                        "java.util.List.of(java.base@25/List.java:2)")))
                .isEqualTo("java.base/java.util.HashMap.get(HashMap.java:1)");
        assertThat(ApplicationFrame.inTexts(
                        List.of("java.util.List$$Lambda/0x00007f1c48000a00.get(Unknown Source)", hidden)))
                .isEqualTo(hidden);
        assertThat(ApplicationFrame.inTexts(
                        List.of("java.util.List.of(java.base@25/List.java:2)", "app//com.example.A.b(A.java:3)")))
                .isEqualTo("app//com.example.A.b(A.java:3)");
    }
}
