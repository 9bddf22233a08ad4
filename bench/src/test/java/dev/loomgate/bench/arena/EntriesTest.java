package dev.loomgate.bench.arena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.bench.harness.SelfSigned;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The rivals' entries start and answer. Table v has them pass everything before it measures them.
class EntriesTest {
    private static Path data;
    private static SelfSigned certificate;

    private interface Entry {
        AutoCloseable start(Places places) throws Exception;
    }

    @BeforeAll
    static void make(@TempDir Path folder) throws Exception {
        data = ArenaData.make(folder);
        certificate = SelfSigned.make(folder, SelfSigned.Key.ECDSA);
    }

    static Stream<Named<Entry>> rivals() {
        return Stream.of(
                Named.of("Vert.x", VertxEntry::start),
                Named.of("Helidon", HelidonEntry::start),
                Named.of("Javalin", JavalinEntry::start),
                Named.of("Jetty", JettyEntry::start),
                Named.of("Undertow", UndertowEntry::start),
                Named.of("Micronaut", MicronautEntry::start));
    }

    @ParameterizedTest
    @MethodSource("rivals")
    void everyRivalAnswersOnEachPort(Entry entry) throws Exception {
        Places places = Places.free(data, certificate);
        List<String> faults = new ArrayList<>();
        try (AutoCloseable _ = entry.start(places)) {
            for (Profile profile :
                    List.of(Profile.JSON_TLS, Profile.BASELINE_H2, Profile.BASELINE_H2C, Profile.ECHO_WS)) {
                profile.faults(places).forEach(fault -> faults.add(profile + ": " + fault));
            }
        }
        assertThat(faults).isEmpty();
    }
}
