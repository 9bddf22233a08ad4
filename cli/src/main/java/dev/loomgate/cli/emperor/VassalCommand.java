package dev.loomgate.cli.emperor;

import dev.loomgate.cli.emperor.EmperorSettings.Tyrant;
import dev.loomgate.cli.process.OwnCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How a vassal's process is started: this program once more, with uWSGI's arguments for a vassal.
///
/// ```
///  java FLAGS -Dloomgate.vassal=site.ini Main --include=before.ini --set=master=1 --ini=site.ini --inherit=after.ini
///
///  java FLAGS -Dloomgate.vassals=/etc/sites Main        for several, which it is told when it runs
/// ```
///
/// What is no matter of its configuration is a property, so that neither its file nor its environment can change it.
final class VassalCommand {
    /// The vassal's name, for its process.
    static final String NAME = "loomgate.vassal";

    /// `UID:GID`, and `:groups` if it gets the system's, of whom it is to be.
    static final String USER = "loomgate.vassal.user";

    /// Its start hook.
    static final String START_HOOK = "loomgate.vassal.start-hook";

    /// Whether the first socket that it gets is one for its clients.
    static final String ON_DEMAND = "loomgate.vassal.on-demand";

    /// The directory of the vassals that share a process, for that process.
    static final String SHARED = "loomgate.vassals";

    private static final String BACKGROUND = "-Dloomgate.background";
    private static final String FOR_VASSALS = "UWSGI_VASSAL_";
    /// The directory with the vassals, for them and for hooks.
    static final String DIRECTORY_VARIABLE = "UWSGI_VASSALS_DIR";
    private static final String OPTION = "UWSGI_";

    // What the service manager tells, and files with the emperor's own options.
    private static final Set<String> NOT_FOR_VASSALS = Set.of(
            "NOTIFY_SOCKET",
            "WATCHDOG_USEC",
            "WATCHDOG_PID",
            "LISTEN_PID",
            "LISTEN_FDS",
            "LISTEN_FDNAMES",
            "UWSGI_RELOADS",
            "UWSGI_INI",
            "UWSGI_YAML",
            "UWSGI_YML",
            "UWSGI_JSON",
            "UWSGI_JS",
            "UWSGI_XML",
            "UWSGI_XMLCONFIG",
            "UWSGI_INCLUDE",
            "UWSGI_INHERIT");

    private final OwnCommand program;
    private final EmperorSettings settings;

    /// @param program how the emperor was started
    VassalCommand(OwnCommand program, EmperorSettings settings) {
        this.program = program;
        this.settings = settings;
    }

    /// The process, still without its standard input. Both outputs are the emperor's.
    ///
    /// @param onDemand whether it gets a socket for its clients
    /// @param again whether another process of the vassal runs, which it replaces: its start hook isn't run then
    ProcessBuilder of(VassalFile vassal, boolean onDemand, boolean again) {
        List<String> properties = new ArrayList<>(List.of(property(NAME, vassal.name())));
        String startHook = startHook(again);
        if (startHook != null) {
            properties.add(property(START_HOOK, startHook));
        }
        if (onDemand) {
            properties.add(property(ON_DEMAND, "true"));
        }
        return process(vassal, properties, arguments(vassal));
    }

    /// A process that vassals share, still without its standard input.
    ///
    /// @param first of them
    ProcessBuilder ofShared(VassalFile first) {
        return process(first, List.of(property(SHARED, first.directory().toString())), List.of());
    }

    /// The vassal in such a process.
    ///
    /// @param onDemand as for [#of]
    /// @param again as for [#of]
    VassalStart start(VassalFile vassal, boolean onDemand, boolean again) {
        return new VassalStart(vassal.name(), startHook(again), onDemand, arguments(vassal));
    }

    private @Nullable String startHook(boolean again) {
        return again ? null : settings.vassals().startHook();
    }

    private ProcessBuilder process(VassalFile vassal, List<String> properties, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(program.java());
        program.flags().stream().filter(VassalCommand::isForVassals).forEach(command::add);
        command.addAll(properties);
        Tyrant tyrant = settings.tyrant();
        if (tyrant != null) {
            command.add(property(USER, vassal.uid() + ":" + vassal.gid() + (tyrant.withGroups() ? ":groups" : "")));
        }
        command.add(program.words().getFirst());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(vassal.directory().toFile())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        changeEnvironment(builder.environment(), vassal);
        return builder;
    }

    private static boolean isForVassals(String flag) {
        return !flag.startsWith(BACKGROUND) && !flag.startsWith("-D" + NAME);
    }

    private static String property(String name, String value) {
        return "-D" + name + "=" + value;
    }

    private List<String> arguments(VassalFile vassal) {
        List<String> arguments = new ArrayList<>();
        settings.vassals().inheritBefore().forEach(each -> arguments.add("--inherit=" + each));
        settings.vassals().includeBefore().forEach(each -> arguments.add("--include=" + each));
        settings.vassals().set().forEach(each -> arguments.add("--set=" + each));
        arguments.add("--" + form(vassal.name()) + "=" + vassal.name());
        settings.vassals().inherit().forEach(each -> arguments.add("--inherit=" + each));
        settings.vassals().include().forEach(each -> arguments.add("--include=" + each));
        return arguments;
    }

    private static String form(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "yml" -> "yaml";
            case "js" -> "json";
            default -> ending;
        };
    }

    /// `UWSGI_VASSAL_X` becomes `UWSGI_X`, as in uWSGI. What is for the emperor alone goes: its own options, and
    /// what the system's service manager has told it.
    static void changeEnvironment(Map<String, String> environment, VassalFile vassal) {
        Map<String, @Nullable String> changes = new TreeMap<>();
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            if (name.startsWith(FOR_VASSALS)) {
                changes.put(name, null);
                changes.put(OPTION + name.substring(FOR_VASSALS.length()), variable.getValue());
            } else if (isForEmperor(name) && !changes.containsKey(name)) {
                changes.put(name, null);
            }
        }
        changes.put(DIRECTORY_VARIABLE, vassal.directory().toString());
        changes.put("PWD", vassal.directory().toString());
        changes.forEach((name, value) -> {
            if (value == null) {
                environment.remove(name);
            } else {
                environment.put(name, value);
            }
        });
    }

    private static boolean isForEmperor(String variable) {
        return NOT_FOR_VASSALS.contains(variable)
                || variable.startsWith("UWSGI_EMPEROR")
                || variable.startsWith("UWSGI_VASSAL");
    }
}
