package dev.loomgate.cli.config;

import dev.loomgate.cli.config.entries.ConfigEntry;
import dev.loomgate.cli.config.entries.Notice;
import java.util.List;

/// What was given, all places together.
///
/// @param all in the order in which uWSGI keeps and shows them, variables and consumed ones included
/// @param options those that are options and that nothing has consumed yet, in the order in which they apply
/// @param unknown the keys that are no options, and that nothing refers to
/// @param notices what the operator should know
public record Configuration(
        List<ConfigEntry> all, List<ConfigEntry> options, List<ConfigEntry> unknown, List<Notice> notices) {
    public Configuration {
        all = List.copyOf(all);
        options = List.copyOf(options);
        unknown = List.copyOf(unknown);
        notices = List.copyOf(notices);
    }

    /// What `--show-config` prints, in uWSGI's form: an ini file that gives the same again, unless a value has a
    /// line's end or a `%`.
    public String shown() {
        StringBuilder text = new StringBuilder("\n;uWSGI instance configuration\n[uwsgi]\n");
        for (ConfigEntry entry : all) {
            String value = entry.value() == null ? "true" : entry.value();
            text.append(entry.key()).append(" = ").append(value).append('\n');
        }
        return text.append(";end of configuration\n\n").toString();
    }
}
