package dev.loomgate.python.requests;

import dev.loomgate.python.connection.Connections;
import dev.loomgate.python.supervision.HomeLoop;
import io.netty.util.collection.IntObjectHashMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Questions to a worker where requests are (STACK), until it has answered. Loop side only.
final class StackQuestions {
    private static final Duration LIMIT = Duration.ofSeconds(4);

    private final HomeLoop home;
    private final Connections connections;
    private final IntObjectHashMap<CompletableFuture<Optional<String>>> open = new IntObjectHashMap<>();
    private int last;

    StackQuestions(HomeLoop home, Connections connections) {
        this.home = home;
        this.connections = connections;
    }

    /// Asks.
    ///
    /// @param id the request's; 0 for one that the worker has taken itself
    /// @param sinceNanos when such a one began; 0 for others
    /// @param answer completed with what it says, or that it says nothing; empty if there is no such
    /// request
    void ask(int id, long sinceNanos, CompletableFuture<Optional<String>> answer) {
        int question = ++last;
        open.put(question, answer);
        connections.sendStack(id, question, sinceNanos);
        home.later(
                LIMIT,
                () -> told(
                        question,
                        "the worker has not answered within %d s: code that holds Python's lock (the GIL) runs in it"
                                .formatted(LIMIT.toSeconds())));
    }

    /// It has answered.
    ///
    /// @param text null if there is no such request
    void told(int question, @Nullable String text) {
        CompletableFuture<Optional<String>> answer = open.remove(question);
        if (answer != null) {
            answer.complete(Optional.ofNullable(text));
        }
    }

    /// Its process has ended.
    void died() {
        new ArrayList<>(open.values()).forEach(answer -> answer.complete(Optional.empty()));
        open.clear();
    }
}
