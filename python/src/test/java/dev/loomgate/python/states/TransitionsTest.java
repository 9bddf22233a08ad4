package dev.loomgate.python.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TransitionsTest {
    private enum Light {
        OFF,
        ON
    }

    private enum Press {
        SWITCH,
        DIM
    }

    private final Transitions<Light, Press> table =
            new Transitions<>("a light", Light.class, Press.class).on(Light.OFF, Press.SWITCH, Light.ON);

    @Test
    void aRowSaysWhatFollows() {
        assertThat(table.after(Light.OFF, Press.SWITCH)).isEqualTo(Light.ON);
    }

    @Test
    void whatHasNoRowIsADefect() {
        assertThatThrownBy(() -> table.after(Light.OFF, Press.DIM))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a light can't be DIM in the state OFF");
        assertThatThrownBy(() -> table.after(Light.ON, Press.SWITCH)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSecondRowForTheSameIsADefect() {
        assertThatThrownBy(() -> table.on(Light.OFF, Press.SWITCH, Light.OFF))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a light has two rows for SWITCH in OFF");
    }
}
