package dev.loomgate.gateway.lint;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.specification.Clause;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One way to break a clause: what is done, and what the message says of it.
record Case(Clause clause, String value, Act act) {
    /// Breaks the clause, through a lint; may throw what it likes.
    @FunctionalInterface
    interface Act {
        void run(Lint lint) throws Exception;
    }

    @Override
    public String toString() {
        return clause.number() + " " + clause + ": " + value;
    }

    /// A case in which the application is at fault, in answer to a GET.
    static Case of(Clause clause, String value, Application application) {
        return of(clause, value, Requests.get(), application);
    }

    static Case of(Clause clause, String value, Environ environ, Application application) {
        return new Case(clause, value, lint -> Container.answer(lint.wrap(application), environ));
    }

    /// A case in which the environ is at fault.
    static Case environ(Clause clause, String value, Consumer<Environ> fault) {
        return new Case(clause, value, lint -> {
            Environ environ = Requests.get();
            fault.accept(environ);
            Container.answer(lint.wrap(Case::hello), environ);
        });
    }

    static Body hello(Environ environ, StartResponse startResponse) {
        return answering(Body.text("hello")).call(environ, startResponse);
    }

    /// An application that does nothing wrong but what its body does.
    static Plain answering(Body body) {
        return (environ, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return body;
        };
    }

    /// An application without checked exceptions.
    @FunctionalInterface
    interface Plain extends Application {
        @Override
        Body call(Environ environ, StartResponse startResponse);
    }

    /// Null where the types say there is none.
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    static <T> T nothing() {
        @Nullable T nothing = null;
        return nothing;
    }

    /// Runs it in another thread, and throws what it threw.
    static void elsewhere(Runnable action) {
        Throwable[] thrown = new Throwable[1];
        Thread thread = Thread.ofPlatform()
                .name("elsewhere")
                .uncaughtExceptionHandler((t, e) -> thrown[0] = e)
                .start(action);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (thrown[0] instanceof RuntimeException e) {
            throw e;
        }
    }
}
