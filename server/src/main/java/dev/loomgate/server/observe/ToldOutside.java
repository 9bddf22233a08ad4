package dev.loomgate.server.observe;

import dev.loomgate.server.FinishedRequest;
import dev.loomgate.server.exchange.ObservedRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// Tells an observer of those who embed the server of each request at its end. Loop side only.
public final class ToldOutside implements RequestObserver {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");

    private final Consumer<? super FinishedRequest> observer;
    private boolean failed;

    /// @param observer of this loop alone
    public ToldOutside(Consumer<? super FinishedRequest> observer) {
        this.observer = observer;
    }

    @Override
    public void begun(ObservedRequest request) {
        request.takingRoute();
    }

    @Override
    public void finished(ObservedRequest request, RequestOutcome outcome) {
        try {
            observer.accept(new FinishedRequest(
                    request.variables(),
                    Objects.requireNonNullElse(request.route(), ""),
                    Objects.requireNonNullElse(request.logVariablesIfAny(), Map.of()),
                    outcome.status(),
                    outcome.bytesSent(),
                    Duration.ofNanos(outcome.nanos()),
                    outcome.isCutOff()));
        } catch (RuntimeException e) {
            if (!failed) {
                failed = true; // it will fail again
                LOG.log(
                        Level.ERROR,
                        request + ": an observer of requests failed; further failures of it aren't logged",
                        e);
            }
        }
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }
}
