package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What raises signals of the `uwsgi` module without the program having asked for it, and which of what raises them
/// servers have in common. The program says what they do, by `uwsgi.register_signal`; one that it hasn't registered
/// isn't raised, and the log says so once.
///
/// They begin when the program serves, and at a reload those of before end.
///
/// @param timers which raise signals as time goes by
/// @param files whose changes raise signals
/// @param runs which timers and crons, also those that the program asks for, several servers run once
public record SignalSources(List<Repeated> timers, List<Watched> files, SharedRunOptions runs) {
    private static final int MOST_NUMBER = 255;

    /// A signal again and again.
    ///
    /// @param signal 0 to 255
    /// @param period positive
    /// @param fromNow whether the time begins when the signal is raised (`uwsgi.add_rb_timer`), and not when it was
    /// due
    /// @param setting what messages call it
    public record Repeated(int signal, Duration period, boolean fromNow, String setting) {
        /// @throws IllegalArgumentException if a number is out of range
        public Repeated {
            requireNumber(signal, setting);
            InvalidSetting.requirePositive(setting, period);
        }
    }

    /// A signal when a file changes, or something in a directory (`uwsgi.add_file_monitor`).
    ///
    /// @param signal 0 to 255
    /// @param file absolute
    /// @param setting what messages call it
    public record Watched(int signal, Path file, String setting) {
        /// @throws IllegalArgumentException if the number is out of range
        public Watched {
            requireNumber(signal, setting);
        }
    }

    public SignalSources {
        timers = List.copyOf(timers);
        files = List.copyOf(files);
    }

    /// Nothing does.
    public static SignalSources none() {
        return new SignalSources(List.of(), List.of(), SharedRunOptions.none());
    }

    private static void requireNumber(int signal, String setting) {
        if (signal < 0 || signal > MOST_NUMBER) {
            throw new InvalidSetting(
                    setting, "names the signal %d, it must be in 0 to %d".formatted(signal, MOST_NUMBER));
        }
    }
}
