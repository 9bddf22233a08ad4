package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rooms of the module `python`: how worker processes are kept running is apart from what they are for.
class PythonRoomsTest {
    private static final String ROOT = Module.PYTHON.rootPackage() + ".";
    /// Each uses only those that follow it.
    private static final List<String> ROOMS = List.of(
            "engine",
            "script",
            "spooler",
            "mules",
            "background",
            "requests",
            "direct",
            "supervision",
            "call",
            "connection",
            "uwsgi",
            "signals",
            "zygote",
            "states",
            "cheaper",
            "shared",
            "wire",
            "snapshot");

    private static final Map<String, Set<String>> USES = PackageArrows.of(Module.PYTHON);

    @Test
    void allRoomsAreInTheList() {
        assertThat(rooms(USES.keySet())).containsExactlyInAnyOrderElementsOf(ROOMS);
    }

    @Test
    void aRoomUsesOnlyThoseBelowIt() {
        Map<String, Set<String>> upwards = new TreeMap<>();
        for (int i = 0; i < ROOMS.size(); i++) {
            Set<String> wrong = new TreeSet<>(uses(ROOMS.get(i)));
            wrong.removeAll(ROOMS.subList(i, ROOMS.size()));
            if (!wrong.isEmpty()) {
                upwards.put(ROOMS.get(i), wrong);
            }
        }
        assertThat(upwards).isEmpty();
    }

    @Test
    void supervisionKnowsNoRequests() {
        assertThat(uses("supervision"))
                .doesNotContain("script", "spooler", "mules", "background", "requests", "direct", "call", "connection");
        assertThat(uses("call")).doesNotContain("supervision", "connection");
        assertThat(uses("connection")).containsExactly("wire");
    }

    @Test
    void aLifeIsChangedByItsOwnerAlone() {
        assertThat(callersOf("states.CallState", "after")).containsExactly(ROOT + "call.Call");
        assertThat(callersOf("states.ProcessState", "after")).containsExactly(ROOT + "supervision.WorkerProcess");
    }

    private static Set<String> uses(String room) {
        return rooms(USES.getOrDefault(room, Set.of()));
    }

    private static Set<String> rooms(Set<String> names) {
        return names.stream()
                .filter(name -> !name.isEmpty()) // the root package, which all may use
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> callersOf(String type, String method) {
        return CompiledClasses.of(Module.PYTHON).stream()
                .flatMap(PythonRoomsTest::calls)
                .filter(call -> call.getTargetOwner().getName().equals(ROOT + type)
                        && call.getName().equals(method))
                .map(call -> call.getOriginOwner().getName())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<JavaMethodCall> calls(JavaClass type) {
        return type.getMethodCallsFromSelf().stream();
    }
}
