package dev.loomgate.python.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which processes a target means.
class SignalTargetTest {
    private record Named(String kind, int number, Set<String> groups) implements SignalReceiver {
        @Override
        public boolean isFree() {
            return true;
        }

        @Override
        public int unended() {
            return 0;
        }

        @Override
        public void send(int signal) {}

        @Override
        public String toString() {
            return kind + number;
        }
    }

    private static final List<Named> ALL = List.of(
            new Named("worker", 1, Set.of()),
            new Named("worker", 2, Set.of()),
            new Named("mule", 1, Set.of("farm_mails", "farm1")),
            new Named("mule", 2, Set.of("farm_mails", "farm1")),
            new Named("mule", 3, Set.of()),
            new Named("spooler", 1, Set.of()));

    @ParameterizedTest
    @CsvSource({
        "'',             true,  worker1 worker2",
        "worker,         true,  worker1 worker2",
        "worker0,        true,  worker1 worker2",
        "worker2,        false, worker2",
        "worker3,        false, ''",
        "workers,        false, worker1 worker2",
        "active-workers, false, worker1 worker2",
        "mule,           true,  mule1 mule2 mule3",
        "mule3,          false, mule3",
        "mules,          false, mule1 mule2 mule3",
        "farm_mails,     true,  mule1 mule2",
        "farm1,          true,  mule1 mule2",
        "farm_other,     true,  ''",
        "spooler,        true,  spooler1",
    })
    void aTargetMeansProcesses(String text, boolean any, String who) {
        SignalTarget target = SignalTarget.of(text);

        assertThat(target.isAny()).isEqualTo(any);
        assertThat(String.join(
                        " ",
                        ALL.stream()
                                .filter(target::includes)
                                .map(Named::toString)
                                .toList()))
                .isEqualTo(who);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "worker-1", "workerx", "worker12345678", "subscribed"})
    void anythingElseIsNone(String text) {
        assertThatThrownBy(() -> SignalTarget.of(text)).hasMessage("'" + text + "' is no target of a signal");
    }
}
