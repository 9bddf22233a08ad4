package dev.loomgate.loop.watch;

import static org.assertj.core.api.Assertions.assertThat;

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
}
