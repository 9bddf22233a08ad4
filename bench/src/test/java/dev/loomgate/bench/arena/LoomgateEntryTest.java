package dev.loomgate.bench.arena;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.bench.harness.SelfSigned;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Loomgate's entry passes what HttpArena's validator checks.
class LoomgateEntryTest {
    private static Places places;
    private static AutoCloseable entry;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        places = Places.free(ArenaData.make(folder), SelfSigned.make(folder, SelfSigned.Key.ECDSA));
        entry = LoomgateEntry.start(places);
    }

    @AfterAll
    static void stop() throws Exception {
        entry.close();
    }

    @ParameterizedTest
    @EnumSource
    void itAnswersEveryProfileAsTheValidatorWants(Profile profile) throws Exception {
        assertThat(profile.faults(places)).isEmpty();
    }

    /// Text files leave as their compressed siblings, others as they are.
    @ParameterizedTest
    @EnumSource(names = {"STATIC", "STATIC_H2"})
    void aTextFileIsSentCompressed(Profile profile) throws Exception {
        Curl.Reply reply =
                Curl.ask(profile.address(places).url("/static/app.js"), "-H", "Accept-Encoding: br;q=1, gzip;q=0.8");

        assertThat(reply.field("Content-Encoding")).isEqualTo("gzip");
        assertThat(reply.decoded()).hasSize(204_800).hasSizeGreaterThan(2 * reply.body().length);
    }

    @Test
    void aWrongAnswerIsNamed(@TempDir Path folder) throws Exception {
        Path other = ArenaData.make(folder);
        Path dataset = other.resolve(ArenaData.DATASET);
        Files.writeString(dataset, Files.readString(dataset).replaceFirst("\"price\":", "\"price\":1"));

        assertThat(Profile.JSON.faults(new Places(
                        places.http(), places.https(), places.h2c(), places.h2(), other, places.certificate())))
                .hasSize(4)
                .allSatisfy(fault -> assertThat(fault).startsWith("/json/").contains(" instead of "));
    }
}
