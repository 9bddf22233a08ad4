package dev.loomgate.python.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A worker process's life, all of it: what isn't allowed is `-`.
class ProcessStateTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
        state     | READY     | LEAVE     | CONDEMN   | DRAINED | DIED
        STARTING  | SERVING   | LEAVING   | CONDEMNED | -       | DEAD
        SERVING   | -         | LEAVING   | CONDEMNED | -       | DEAD
        LEAVING   | LEAVING   | LEAVING   | CONDEMNED | STOPPED | DEAD
        CONDEMNED | CONDEMNED | CONDEMNED | CONDEMNED | -       | DEAD
        STOPPED   | STOPPED   | STOPPED   | CONDEMNED | -       | DEAD
        DEAD      | DEAD      | DEAD      | DEAD      | -       | DEAD
        """)
    void everyEventInEveryState(
            ProcessState state, String ready, String leave, String condemn, String drained, String died) {
        assertThat(after(state, ProcessEvent.READY)).isEqualTo(ready);
        assertThat(after(state, ProcessEvent.LEAVE)).isEqualTo(leave);
        assertThat(after(state, ProcessEvent.CONDEMN)).isEqualTo(condemn);
        assertThat(after(state, ProcessEvent.DRAINED)).isEqualTo(drained);
        assertThat(after(state, ProcessEvent.DIED)).isEqualTo(died);
    }

    private static String after(ProcessState state, ProcessEvent event) {
        try {
            return state.after(event).name();
        } catch (IllegalStateException e) {
            return "-";
        }
    }

    @Test
    void whatIsNotAllowedIsToldWithBothNames() {
        assertThatThrownBy(() -> ProcessState.SERVING.after(ProcessEvent.DRAINED))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a worker process can't be DRAINED in the state SERVING");
    }
}
