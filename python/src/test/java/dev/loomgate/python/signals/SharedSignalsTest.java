package dev.loomgate.python.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.python.SharedRunOptions;
import dev.loomgate.python.SharedRunOptions.WhenGone;
import dev.loomgate.testkit.LogLines;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Crons and timers of several servers, by a clock that is simulated.
class SharedSignalsTest {
    private static final Duration NETWORK = Duration.ofMillis(2);
    private static final int CRON = 1;
    private static final int TIMER = 2;

    private final SimulatedServers cluster = new SimulatedServers("2026-11-29T03:00:22.500Z");

    private static SharedRunOptions shared(WhenGone whenGone) {
        return shared(whenGone, Duration.ofMinutes(1));
    }

    private static SharedRunOptions shared(WhenGone whenGone, Duration mostLate) {
        return new SharedRunOptions(whenGone, whenGone, mostLate, Set.of(7));
    }

    private SimulatedServers.Server server(int number, SharedRunOptions options, Duration ahead) {
        return cluster.start(number, options, NETWORK.multipliedBy(number), ahead)
                .cron(CRON, "tasks.report", -1)
                .timer(TIMER, "tasks.sweep", "", Duration.ofSeconds(5));
    }

    private SimulatedServers.Server server(int number, WhenGone whenGone) {
        return server(number, shared(whenGone), Duration.ZERO);
    }

    private static <K> Set<K> set(List<SimulatedServers.Run> runs, Function<SimulatedServers.Run, K> what) {
        Set<K> set = new HashSet<>();
        runs.forEach(run -> set.add(what.apply(run)));
        return set;
    }

    @Test
    void anHourHasARunEachMinuteAndDeathsAddNone() {
        server(1, shared(WhenGone.WAIT), Duration.ofSeconds(-7)).serve();
        SimulatedServers.Server second =
                server(2, shared(WhenGone.WAIT), Duration.ZERO).serve();
        cluster.pass(Duration.ofSeconds(3));
        server(3, shared(WhenGone.WAIT), Duration.ofSeconds(20)).serve();
        cluster.pass(Duration.ofMinutes(30));
        second.die();
        server(4, shared(WhenGone.WAIT), Duration.ofSeconds(-30)).serve();
        cluster.pass(Duration.ofMinutes(30));

        // The minute in which they started, one for each that followed by the fastest clock; and no more.
        assertThat(cluster.of(CRON)).hasSize(61);
        assertThat(cluster.claims.keySet().stream().filter(key -> key.contains("tasks.report")))
                .hasSize(61)
                .contains("shop.wsgi/tasks.report/-1,-1,-1,-1,-1@2026-11-29T04:00:00Z");
        assertThat(cluster.of(TIMER))
                .hasSize((int) cluster.claims.keySet().stream()
                        .filter(key -> key.contains("tasks.sweep"))
                        .count())
                .hasSizeBetween(720, 728);
        assertThat(cluster.claims).containsKey("shop.wsgi/tasks.sweep/PT5S@2026-11-29T03:30:05Z");
    }

    @Test
    void eachServerHasItsOwnWithoutTheOption() {
        server(1, SharedRunOptions.none(), Duration.ZERO).serve();
        server(2, SharedRunOptions.none(), Duration.ZERO).serve();
        cluster.pass(Duration.ofSeconds(30));

        assertThat(cluster.of(CRON)).hasSize(2);
        assertThat(cluster.of(TIMER)).hasSize(12);
        assertThat(cluster.claims).isEmpty();
    }

    @Test
    void whatIsEachServersOwnStaysSo() {
        for (int number = 1; number <= 2; number++) {
            cluster.start(number, shared(WhenGone.WAIT), NETWORK, Duration.ZERO)
                    .timer(3, "tasks.refresh", "workers", Duration.ofSeconds(10))
                    .timer(4, "tasks.often", "", Duration.ofMillis(500))
                    .timer(7, "tasks.local", "", Duration.ofSeconds(10))
                    .serve();
        }
        cluster.pass(Duration.ofSeconds(30));

        assertThat(cluster.of(3)).hasSize(6);
        assertThat(cluster.of(4)).hasSize(120);
        assertThat(cluster.of(7)).hasSize(6);
        assertThat(cluster.claims).isEmpty();
    }

    @Test
    void aTimerThatCountsFromTheLastTimeIsEachServersOwn() {
        for (int number = 1; number <= 2; number++) {
            SimulatedServers.Server server = server(number, WhenGone.WAIT);
            server.signals().register(5, "", "tasks.thrice");
            server.signals().addRedBlackTimer(server, 5, Duration.ofSeconds(2), 3);
            server.serve();
        }
        cluster.pass(Duration.ofSeconds(30));

        assertThat(cluster.of(5)).hasSize(6);
    }

    @Test
    void aSignalOfAnOptionIsAskedForWhereItHasAHandler() {
        cluster.start(1, shared(WhenGone.WAIT), Duration.ZERO, Duration.ZERO).serve();
        SimulatedServers.Server other = cluster.start(2, shared(WhenGone.WAIT), NETWORK, Duration.ZERO);
        other.signals().register(99, "", "tasks.asked");
        other.serve();
        cluster.pass(Duration.ofSeconds(10));

        assertThat(cluster.of(99)).hasSize(10);
        assertThat(set(cluster.runs, SimulatedServers.Run::server)).containsExactly(2);
    }

    @Test
    void anotherVersionWithOtherNumbersHasTheSameRuns() {
        cluster.start(1, shared(WhenGone.WAIT), NETWORK, Duration.ZERO)
                .cron(1, "tasks.report", 1)
                .serve();
        cluster.start(2, shared(WhenGone.WAIT), NETWORK, Duration.ZERO)
                .cron(1, "tasks.mails", 1)
                .cron(2, "tasks.report", 1)
                .serve();
        cluster.pass(Duration.ofMinutes(2));

        assertThat(cluster.claims)
                .containsOnlyKeys(
                        "shop.wsgi/tasks.report/1,-1,-1,-1,-1@2026-11-29T03:01:00Z",
                        "shop.wsgi/tasks.mails/1,-1,-1,-1,-1@2026-11-29T03:01:00Z");
        assertThat(cluster.runs).hasSize(2);
    }

    @Test
    void whatWouldBeCalledTheSameIsCounted() {
        for (int number = 1; number <= 2; number++) {
            cluster.start(number, shared(WhenGone.WAIT), NETWORK, Duration.ZERO)
                    .cron(1, "tasks.<lambda>", 1)
                    .cron(2, "tasks.<lambda>", 1)
                    .cron(3, "", 1)
                    .serve();
        }
        cluster.pass(Duration.ofMinutes(2));

        assertThat(cluster.claims)
                .containsOnlyKeys(
                        "shop.wsgi/tasks.<lambda>/1,-1,-1,-1,-1@2026-11-29T03:01:00Z",
                        "shop.wsgi/tasks.<lambda>/1,-1,-1,-1,-1#2@2026-11-29T03:01:00Z",
                        "shop.wsgi/signal3/1,-1,-1,-1,-1@2026-11-29T03:01:00Z");
        assertThat(cluster.runs).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void whileTheStoreIsGoneRunsWaitOrAreEverybodys(WhenGone whenGone) {
        IntStream.rangeClosed(1, 3).forEach(number -> server(number, whenGone).serve());
        cluster.pass(Duration.ofSeconds(20)); // to 3:00:42
        int crons = cluster.of(CRON).size();
        int timers = cluster.of(TIMER).size();
        try (LogLines log = LogLines.withLevels("dev.loomgate.python")) {
            cluster.isGone = true;
            cluster.pass(Duration.ofSeconds(59)); // to 3:01:41
            boolean waits = whenGone == WhenGone.WAIT;
            assertThat(cluster.of(CRON)).hasSize(crons + (waits ? 0 : 3));
            assertThat(cluster.of(TIMER)).hasSize(timers + (waits ? 0 : 36));

            cluster.isGone = false;
            cluster.pass(Duration.ofMillis(500));
            // The run of 3:01 is made up for, and of the timer's the last one.
            assertThat(cluster.of(CRON)).hasSize(crons + (waits ? 1 : 3));
            assertThat(cluster.of(TIMER)).hasSize(timers + (waits ? 1 : 36));
            assertThat(log.with("tasks.sweep/PT5S: runs left out, since nobody could say in time whose they are"
                            + " (--shared-most-late): 11, the first one of 2026-11-29T03:00:45Z"))
                    .hasSize(waits ? 3 : 0);
            assertThat(log.with("tasks.report")).isEmpty();
        }
    }

    @Test
    void aRunThatIsTooLateIsLeftOutAndThoseThatAreNotAreMadeUpForInTheirOrder() {
        server(1, shared(WhenGone.WAIT, Duration.ofMinutes(5)), Duration.ZERO).serve();
        cluster.pass(Duration.ofSeconds(20));
        int before = cluster.of(CRON).size();
        cluster.isGone = true;
        cluster.pass(Duration.ofMinutes(10)); // to 3:10:42
        cluster.isGone = false;
        try (LogLines log = LogLines.withLevels("dev.loomgate.python")) {
            cluster.pass(Duration.ofSeconds(1));

            assertThat(cluster.of(CRON)).hasSize(before + 5);
            assertThat(cluster.claims.keySet())
                    .contains("shop.wsgi/tasks.report/-1,-1,-1,-1,-1@2026-11-29T03:06:00Z")
                    .doesNotContain("shop.wsgi/tasks.report/-1,-1,-1,-1,-1@2026-11-29T03:05:00Z");
            assertThat(log.with("tasks.report"))
                    .singleElement()
                    .asString()
                    .contains(": 5, the first one of 2026-11-29T03:01:00Z");
        }
    }

    @Test
    void anImportThatEndsBeginsNothingAndTheNextOneHasNoRunAgain() {
        SimulatedServers.Server before = server(1, WhenGone.WAIT).serve();
        cluster.pass(Duration.ofSeconds(20));
        assertThat(cluster.of(CRON)).hasSize(1);
        before.signals().end();
        server(1, WhenGone.WAIT).serve(); // as after a reload
        cluster.pass(Duration.ofSeconds(10));

        assertThat(cluster.of(CRON)).hasSize(1);
        assertThat(cluster.of(TIMER)).hasSize(6);
        assertThat(set(cluster.of(TIMER), SimulatedServers.Run::time)).hasSize(6);
        assertThat(cluster.claims.keySet().stream().filter(key -> key.contains("sweep")))
                .hasSize(6)
                .contains("shop.wsgi/tasks.sweep/PT5S@" + Instant.parse("2026-11-29T03:00:50Z"));
    }

    @Test
    void aRunThatIsOursWhenTheImportHasEndedIsSaidToBeLeftOut() {
        SimulatedServers.Server slow = cluster.start(1, shared(WhenGone.WAIT), Duration.ofSeconds(2), Duration.ZERO)
                .cron(CRON, "tasks.report", -1)
                .serve();
        cluster.pass(Duration.ofSeconds(3));
        try (LogLines log = LogLines.withLevels("dev.loomgate.python")) {
            slow.signals().end();
            cluster.pass(Duration.ofSeconds(2));

            assertThat(cluster.runs).isEmpty();
            assertThat(log.with("tasks.report/-1,-1,-1,-1,-1: runs left out")).hasSize(1);
        }
    }
}
