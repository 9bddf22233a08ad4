package dev.loomgate.python.uwsgi;

import dev.loomgate.python.CronRule;
import dev.loomgate.python.signals.ProgramSignals;
import java.nio.file.Path;
import java.time.Duration;

/// Answers the calls that are about signals.
final class SignalCalls {
    private SignalCalls() {}

    /// @param caller the process that calls
    /// @return false if the call is about something else
    /// @throws IllegalArgumentException if it can't be done
    static boolean answer(String name, CallArguments arguments, Object caller, ProgramSignals signals) {
        switch (name) {
            case "register_signal" -> signals.register(number(arguments, 1), arguments.text(2), arguments.text(3));
            case "signal" -> signals.raise(number(arguments, 1));
            case "add_timer" -> signals.addTimer(caller, number(arguments, 1), millis(arguments, 2));
            case "add_rb_timer" ->
                signals.addRedBlackTimer(caller, number(arguments, 1), arguments.seconds(2), number(arguments, 3));
            case "add_cron" -> signals.addCron(caller, number(arguments, 1), rule(arguments));
            case "add_file_monitor" -> signals.addFileMonitor(caller, number(arguments, 1), Path.of(arguments.text(2)));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static CronRule rule(CallArguments arguments) {
        return new CronRule(
                number(arguments, 2),
                number(arguments, 3),
                number(arguments, 4),
                number(arguments, 5),
                number(arguments, 6));
    }

    private static Duration millis(CallArguments arguments, int place) {
        return Duration.ofMillis(arguments.number(place));
    }

    private static int number(CallArguments arguments, int place) {
        return Math.toIntExact(arguments.number(place));
    }
}
