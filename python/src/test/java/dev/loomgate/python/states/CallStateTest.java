package dev.loomgate.python.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A call's life, all of it.
class CallStateTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        WAITING | GIVEN=GIVEN REFUSED=OVER DROPPED=OVER
        GIVEN   | BEGUN=BEGUN RECALLED=WAITING LOST=OVER
        BEGUN   | BEGUN=BEGUN ENDED=OVER FILE_LENT=LENT LOST=OVER
        LENT    | FILE_SENT=OVER
        OVER    | nothing
        """)
    void whatMayHappenInEachState(CallState state, String allowed) {
        assertThat(allowed(state).split(" ")).containsExactlyInAnyOrder(allowed.split(" "));
    }

    private static String allowed(CallState state) {
        String allowed = Arrays.stream(CallEvent.values())
                .map(event -> after(state, event))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
        return allowed.isEmpty() ? "nothing" : allowed;
    }

    private static String after(CallState state, CallEvent event) {
        try {
            return event + "=" + state.after(event);
        } catch (IllegalStateException e) {
            return "";
        }
    }

    @Test
    void whatIsNotAllowedIsToldWithBothNames() {
        assertThatThrownBy(() -> CallState.BEGUN.after(CallEvent.RECALLED))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a call can't be RECALLED in the state BEGUN");
    }
}
