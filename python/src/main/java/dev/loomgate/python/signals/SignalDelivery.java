package dev.loomgate.python.signals;

import dev.loomgate.loop.Timer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sends signals to processes. One that any of several may run waits here until one of them is free, as in the
/// pipe that uWSGI's workers share. Loop side only.
final class SignalDelivery {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    /// Nobody says when a process is done with a request that it has taken itself.
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final long SAY_NANOS = Duration.ofSeconds(10).toNanos();

    private record Waiting(int number, SignalTarget target) {}

    private final SignalSettings settings;
    private final List<SignalReceiver> receivers = new ArrayList<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable Timer looking;
    private long saidNanos = System.nanoTime() - SAY_NANOS;
    private int unsaid;
    private boolean ended;

    SignalDelivery(SignalSettings settings) {
        this.settings = settings;
    }

    void add(SignalReceiver receiver) {
        if (!receivers.contains(receiver)) {
            receivers.add(receiver);
            look();
        }
    }

    void remove(SignalReceiver receiver) {
        receivers.remove(receiver);
    }

    /// Sends it to those that the target means.
    void send(int number, SignalTarget target) {
        if (ended) {
            lost(number, "the processes that it was for are about to end");
            return;
        }
        if (target.isAny()) {
            if (waiting.size() >= settings.most()) {
                lost(
                        number,
                        "%,d wait already for a process that is free (%s)"
                                .formatted(waiting.size(), settings.mostName()));
                return;
            }
            waiting.addLast(new Waiting(number, target));
            look();
            return;
        }
        List<SignalReceiver> those = receivers.stream().filter(target::includes).toList();
        if (those.isEmpty()) {
            lost(number, "there is no process '%s'".formatted(target));
        }
        for (SignalReceiver receiver : those) {
            if (receiver.unended() >= settings.most()) {
                lost(
                        number,
                        "%s %d has %,d already (%s)"
                                .formatted(
                                        receiver.kind(), receiver.number(), receiver.unended(), settings.mostName()));
            } else {
                receiver.send(number);
            }
        }
    }

    /// Gives what waits to processes that are free.
    void look() {
        if (waiting.isEmpty()) {
            return;
        }
        Iterator<Waiting> all = waiting.iterator();
        while (all.hasNext()) {
            Waiting next = all.next();
            SignalReceiver free = receivers.stream()
                    .filter(each -> next.target().includes(each) && each.isFree())
                    .min(Comparator.comparingInt(SignalReceiver::unended))
                    .orElse(null);
            if (free != null) {
                all.remove();
                free.send(next.number());
            }
        }
        if (!waiting.isEmpty() && looking == null) {
            looking = settings.timers().later(LOOK, () -> {
                looking = null;
                look();
            });
        }
    }

    /// Drops what waits: to the next import, a number may mean something else.
    void end() {
        ended = true;
        if (!waiting.isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "{0} signals of {1} that waited for a process are dropped: it is reloaded, or ends",
                    waiting.size(),
                    settings.program());
        }
        waiting.clear();
        receivers.clear();
        if (looking != null) {
            looking.cancel();
            looking = null;
        }
    }

    /// Says that a signal won't be handled. A timer would say so again and again, so not each time.
    void lost(int number, String why) {
        long now = System.nanoTime();
        if (now - saidNanos < SAY_NANOS) {
            unsaid++;
            return;
        }
        saidNanos = now;
        LOG.log(
                Level.WARNING,
                "signal {0} of {1} is lost: {2}{3}",
                number,
                settings.program(),
                why,
                unsaid == 0 ? "" : ", and %,d more since the last such line".formatted(unsaid));
        unsaid = 0;
    }
}
