package dev.loomgate.python.signals;

import dev.loomgate.python.CronRule;
import dev.loomgate.python.SignalSources;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The signals of one import of a program: who gets which, and what raises them, from [#start] until [#end]. So at a
/// reload the timers of before end, and those that the new import and the options have asked for begin. Loop side only.
///
/// A process that registers or adds something is any object: the import itself, or a worker, which has ended at
/// [#ended]. Wrong arguments are an `IllegalArgumentException`, whose message is for the program.
public final class ProgramSignals {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final int MOST_NUMBER = 255;
    /// As in uWSGI.
    private static final int MOST_TARGET = 63;

    private static final String FILE_MONITOR = "uwsgi.add_file_monitor";

    private record Monitored(int signal, Path file) {}

    private final SignalSettings settings;
    private final Map<Integer, String> targets = new HashMap<>();
    private final Map<Integer, String> handlers = new HashMap<>();
    private final Additions<Schedule.Repeated> timers = new Additions<>("timers", "add_timer");
    private final Additions<Schedule.Repeated> redBlackTimers = new Additions<>("rb_timers", "add_rb_timer");
    private final Additions<Schedule.Cron> crons = new Additions<>("crons", "add_cron");
    private final Additions<Monitored> files = new Additions<>("file monitors", "add_file_monitor");
    private final SignalDelivery delivery;
    private final Schedule schedule;
    private final FileMonitors monitors;
    /// The numbers that are raised by the server's options, and what messages call those.
    private final Map<Integer, String> byOptions = new HashMap<>();
    private final Set<Integer> missed = new HashSet<>();
    private boolean started;
    private boolean ended;

    /// @param loopSide runs a task there; any thread
    public ProgramSignals(SignalSettings settings, Consumer<Runnable> loopSide) {
        this.settings = settings;
        this.delivery = new SignalDelivery(settings);
        this.schedule = new Schedule(settings, new Due());
        this.monitors = new FileMonitors(signal -> loopSide.accept(() -> raise(signal)));
        for (SignalSources.Repeated timer : settings.sources().timers()) {
            byOptions.put(timer.signal(), timer.setting());
            schedule.add(new Schedule.Repeated(timer.signal(), timer.period(), 0, timer.fromNow()));
        }
        settings.sources().files().forEach(each -> byOptions.put(each.signal(), each.setting()));
    }

    // ---- its life

    /// Processes serve: timers begin.
    public void start() {
        if (!started && !ended) {
            started = true;
            schedule.start();
            files.all().forEach(each -> monitors.add(each.signal(), each.file(), FILE_MONITOR));
            settings.sources().files().forEach(each -> monitors.add(each.signal(), each.file(), each.setting()));
        }
    }

    /// Nothing is raised any more, and what nobody has been sent is dropped.
    public void end() {
        if (!ended) {
            ended = true;
            schedule.end();
            delivery.end();
            Thread.ofVirtual().name("loomgate-monitors-end").start(monitors::close); // waits for a thread
        }
    }

    // ---- processes that run handlers

    /// Takes signals from now on.
    public void add(SignalReceiver receiver) {
        if (!ended) {
            delivery.add(receiver);
        }
    }

    /// Takes no more.
    public void remove(SignalReceiver receiver) {
        delivery.remove(receiver);
    }

    /// One that takes signals may be free now.
    public void look() {
        delivery.look();
    }

    /// What a process was sent and had not begun when it ended: of these, others run what any process may run.
    public void again(List<Integer> notBegun) {
        for (int number : notBegun) {
            SignalTarget target = target(number);
            if (target != null && target.isAny()) {
                delivery.send(number, target);
            }
        }
    }

    /// A process has ended, or the import has.
    public void ended(Object process) {
        timers.ended(process);
        redBlackTimers.ended(process);
        crons.ended(process);
        files.ended(process);
    }

    // ---- what programs ask for

    /// Says who runs the handler of a signal. The last one that says so is right.
    ///
    /// @param handler the function's name, which is the same on several servers; empty if it has none
    public void register(int number, String target, String handler) {
        requireNumber(number);
        if (target.length() > MOST_TARGET) {
            throw new IllegalArgumentException(
                    "uwsgi.register_signal: the target has %,d characters, over %d, as in uWSGI"
                            .formatted(target.length(), MOST_TARGET));
        }
        targets.put(number, target);
        handlers.put(number, handler);
    }

    /// Raises a signal. One that nobody has registered goes to a worker, which says that it has no handler. Where an
    /// option raises it, it goes nowhere: another program of the server may have the handler.
    public void raise(int number) {
        requireNumber(number);
        String option = targets.containsKey(number) ? null : byOptions.get(number);
        if (option != null) {
            if (missed.add(number)) {
                LOG.log(
                        Level.WARNING,
                        "signal {0} ({1}) isn''t raised: {2} has no handler for it (uwsgi.register_signal)",
                        number,
                        option,
                        settings.program());
            }
            return;
        }
        SignalTarget target = target(number);
        if (target != null) {
            delivery.send(number, target);
        }
    }

    /// Raises a signal for one of the server's options.
    ///
    /// @param option what messages call it
    public void raise(int number, String option) {
        if (started && !ended) {
            byOptions.putIfAbsent(number, option);
            raise(number);
        }
    }

    private @Nullable SignalTarget target(int number) {
        try {
            return SignalTarget.of(targets.getOrDefault(number, ""));
        } catch (IllegalArgumentException e) {
            delivery.lost(number, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /// Raises it again and again.
    ///
    /// @param period of zero for never, as in uWSGI
    public void addTimer(Object process, int number, Duration period) {
        requireNumber(number);
        requireNotNegative("add_timer", period);
        if (period.isZero()) {
            LOG.log(
                    Level.WARNING,
                    "uwsgi.add_timer: signal {0} of {1} is never raised: its time is 0",
                    number,
                    settings.program());
            return;
        }
        Schedule.Repeated entry = new Schedule.Repeated(number, period, 0, false);
        if (timers.add(process, entry)) {
            schedule.add(entry);
        }
    }

    /// The same, where the next time begins when the signal has been raised.
    ///
    /// @param times how often; 0 for no end
    public void addRedBlackTimer(Object process, int number, Duration period, int times) {
        requireNumber(number);
        requireNotNegative("add_rb_timer", period);
        if (period.isZero() || times < 0) {
            throw new IllegalArgumentException(
                    "uwsgi.add_rb_timer: at least 1 second is needed, and 0 times or more, not %d s and %d times"
                            .formatted(period.toSeconds(), times));
        }
        Schedule.Repeated entry = new Schedule.Repeated(number, period, times, true);
        if (redBlackTimers.add(process, entry)) {
            schedule.add(entry);
        }
    }

    private static void requireNotNegative(String function, Duration period) {
        if (period.isNegative()) {
            throw new IllegalArgumentException(
                    "uwsgi.%s: the time is negative: %d ms".formatted(function, period.toMillis()));
        }
    }

    /// Raises it in the minutes that the rule names.
    public void addCron(Object process, int number, CronRule rule) {
        requireNumber(number);
        Schedule.Cron entry = new Schedule.Cron(number, rule);
        if (crons.add(process, entry)) {
            schedule.add(entry);
        }
    }

    /// Raises it when the file or directory changes.
    ///
    /// @param file absolute
    public void addFileMonitor(Object process, int number, Path file) {
        requireNumber(number);
        if (files.add(process, new Monitored(number, file)) && started && !ended) {
            monitors.add(number, file, FILE_MONITOR);
        }
    }

    private static void requireNumber(int number) {
        if (number < 0 || number > MOST_NUMBER) {
            throw new IllegalArgumentException(
                    "a signal of uWSGI's is a number from 0 to %d, not %d".formatted(MOST_NUMBER, number));
        }
    }

    /// What the schedule asks.
    private final class Due implements Raised {
        @Override
        public void raise(int signal) {
            ProgramSignals.this.raise(signal);
        }

        @Override
        public boolean isForOne(int signal) {
            if (!targets.containsKey(signal) && byOptions.containsKey(signal)) {
                return false;
            }
            SignalTarget target = target(signal);
            return target != null && !target.all();
        }

        @Override
        public String handler(int signal) {
            String name = handlers.getOrDefault(signal, "");
            return name.isEmpty() ? "signal" + signal : name;
        }
    }
}
