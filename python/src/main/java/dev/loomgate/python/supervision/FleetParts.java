package dev.loomgate.python.supervision;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.SharedJob;
import dev.loomgate.python.signals.SignalSettings;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// What all generations of a fleet share.
///
/// @param begin how many processes of a role a new generation begins with
record FleetParts(
        HomeLoop home,
        PythonOptions options,
        List<Role> roles,
        UwsgiCalls calls,
        Backoffs backoffs,
        ToIntFunction<Role> begin) {
    /// Those of the signals of one more generation. Each asks for runs as somebody of its own: a run of before a reload
    /// isn't done again after it.
    SignalSettings signalSettings() {
        return new SignalSettings(
                options.name(),
                options.signalQueue(),
                options.nameOf("signalQueue"),
                options.signalSources(),
                home::later,
                SignalSettings.WallClock.SYSTEM,
                sharedTerms());
    }

    private SharedJob.@Nullable Terms sharedTerms() {
        return calls.store()
                .map(store -> new SharedJob.Terms(
                        store.runs(),
                        options.signalSources().runs().mostLate(),
                        options.nameOf("sharedMostLate"),
                        InstantSource.system(),
                        new Place()))
                .orElse(null);
    }

    /// The loop side, and microthreads of its loop for what waits.
    private final class Place implements SharedJob.Place {
        @Override
        public void ask(Runnable waiting, Runnable then) {
            calls.runOutside(waiting, then);
        }

        @Override
        public void later(Duration delay, Runnable task) {
            home.later(delay, task);
        }
    }
}
