package dev.loomgate.python.mules;

import dev.loomgate.python.MuleOptions;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.background.BackgroundRole;
import dev.loomgate.python.background.BackgroundSettings;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.supervision.Mercy;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import dev.loomgate.python.zygote.Job;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The role of mules.
public final class Mules {
    /// What one is called in logs, and the module of `loomgate_worker.background`.
    public static final String NAME = "mule";

    private Mules() {}

    /// @return empty if there are none
    public static Optional<BackgroundRole> role(HomeLoop home, PythonOptions options, UwsgiCalls calls) {
        MuleOptions mules = options.mules();
        List<String> programs = mules.programs();
        if (programs.isEmpty()) {
            return Optional.empty();
        }
        BackgroundSettings settings = new BackgroundSettings(
                NAME,
                new Mercy(mules.reloadMercy(), options.nameOf("muleReloadMercy")),
                mules.messageLimit(),
                options.nameOf("muleMessageLimit"),
                "it has done enough",
                false,
                status -> true,
                number -> farms(mules, number));
        return Optional.of(new BackgroundRole(
                home,
                calls,
                settings,
                programs.size(),
                number -> new Job(NAME, number, Map.of("program", programs.get(number - 1)))));
    }

    // As in uWSGI, `farm1` is the first one.
    private static Set<String> farms(MuleOptions mules, int number) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < mules.farms().size(); i++) {
            MuleOptions.Farm farm = mules.farms().get(i);
            if (farm.mules().contains(number)) {
                names.add("farm_" + farm.name());
                names.add("farm" + (i + 1));
            }
        }
        return names;
    }
}
