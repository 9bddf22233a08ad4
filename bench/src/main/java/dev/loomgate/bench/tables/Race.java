package dev.loomgate.bench.tables;

import dev.loomgate.bench.harness.Contender;
import dev.loomgate.bench.harness.LoadGenerator;
import dev.loomgate.bench.harness.Progress;
import dev.loomgate.bench.harness.Round;
import dev.loomgate.bench.harness.ServerFailed;
import dev.loomgate.bench.harness.Spread;
import dev.loomgate.bench.harness.Wrk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Servers that are all up at once and loaded in turn, A B C A B C, so that a busy minute of the machine hits them
/// all. Rounds before the first that counts warm up. A server that does not come up is reported and left out.
final class Race {
    private static final int MOST_WARM_UPS = 6;

    private final Function<Duration, LoadGenerator> load;
    private final Duration warmUp;
    private final long warmRequests;
    private final Duration round;
    private final int rounds;

    /// Loaded by `wrk` from so many connections, for as long as that effort says.
    Race(int connections, Effort effort) {
        this(duration -> new Wrk(connections, duration), effort);
    }

    /// The same by another load.
    Race(Function<Duration, LoadGenerator> load, Effort effort) {
        this(load, effort.warmUp(), effort.warmRequests(), effort.round(), effort.rounds());
    }

    /// Loaded by `wrk`.
    Race(int connections, Duration warmUp, long warmRequests, Duration round, int rounds) {
        this(duration -> new Wrk(connections, duration), warmUp, warmRequests, round, rounds);
    }

    /// @param load for so long
    Race(Function<Duration, LoadGenerator> load, Duration warmUp, long warmRequests, Duration round, int rounds) {
        this.load = load;
        this.warmUp = warmUp;
        this.warmRequests = warmRequests;
        this.round = round;
        this.rounds = rounds;
    }

    /// Rounds by name of server in the entrants' order, and the reasons why others are missing.
    record Result(Map<String, List<Round>> rounds, Map<String, String> failures) {
        Spread othersCores() {
            return Spread.of(rounds.values().stream()
                    .flatMap(List::stream)
                    .map(Round::othersCores)
                    .toList());
        }
    }

    Result run(List<Entrant> entrants) throws IOException, InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        Map<String, String> failures = new LinkedHashMap<>();
        try {
            for (Entrant entrant : entrants) {
                start(entrant, contenders, failures);
            }
            return new Result(load(contenders), failures);
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    /// Loads those that are up already, and leaves them so; returns their rounds by name.
    Map<String, List<Round>> load(List<Contender> contenders) throws IOException, InterruptedException {
        for (Contender contender : contenders) {
            warmUp(contender);
        }
        LoadGenerator counting = load.apply(round);
        for (int i = 1; i <= rounds; i++) {
            Progress.say("round " + i + " of " + rounds);
            for (Contender contender : contenders) {
                contender.measure(counting);
            }
        }
        Map<String, List<Round>> measured = new LinkedHashMap<>();
        contenders.forEach(contender -> measured.put(contender.name(), contender.rounds()));
        return measured;
    }

    private void warmUp(Contender contender) throws IOException, InterruptedException {
        long answered = 0;
        for (int i = 0; i < MOST_WARM_UPS && (i == 0 || answered < warmRequests); i++) {
            answered += contender.load(load.apply(warmUp)).report().answered();
        }
    }

    private static void start(Entrant entrant, List<Contender> contenders, Map<String, String> failures)
            throws IOException, InterruptedException {
        Contender contender = entrant.start().start(entrant.name());
        try {
            contender.awaitAnswer();
            contenders.add(contender);
        } catch (ServerFailed e) {
            Progress.say(String.valueOf(e.getMessage()));
            failures.put(entrant.name(), String.valueOf(e.getMessage()));
            contender.close();
        }
    }
}
