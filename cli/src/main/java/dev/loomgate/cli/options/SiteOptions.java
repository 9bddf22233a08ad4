package dev.loomgate.cli.options;

import dev.loomgate.cli.options.rows.ApplicationOptions;
import dev.loomgate.cli.options.rows.PythonProgramOptions;
import dev.loomgate.cli.options.rows.ReloadOptions;
import dev.loomgate.cli.options.table.CommandOptions;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.uwsgi.UwsgiOptions;
import dev.loomgate.cli.options.values.ApplicationName;
import dev.loomgate.cli.options.values.Mount;
import dev.loomgate.cli.options.values.StaticMap;
import dev.loomgate.cli.reload.ReloadTriggers;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.server.ServerOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;

/// All options: what is served, and the server's.
public final class SiteOptions {
    private final OptionValues values = new OptionValues();

    /// Adds them to a command, and those of uWSGI's that have nothing to do. Their values are there when its command
    /// line has been parsed.
    public void addTo(CommandSpec command) {
        CommandOptions.add(command, Section.options(List.of(Section.values())), values);
        UwsgiOptions.IGNORED.forEach(ignored -> command.addOption(ignored.spec()));
    }

    /// The server's.
    public ServeOptions server() {
        return new ServeOptions(values);
    }

    /// The application that has what isn't mounted.
    ///
    /// @throws IllegalArgumentException if there is more than one
    public Optional<ApplicationName> root() {
        return ApplicationOptions.root(values);
    }

    /// The others, with their prefixes.
    ///
    /// @throws IllegalArgumentException if one isn't a prefix and an application
    public List<Mount> mounts() {
        return ApplicationOptions.mounts(values);
    }

    /// The directories whose files are sent.
    ///
    /// @throws IllegalArgumentException if one isn't a prefix and a directory
    public List<StaticMap> staticMaps() {
        return ApplicationOptions.staticMaps(values, directory());
    }

    /// What the classes of Java applications are looked for in.
    public List<String> classPath() {
        return values.of(ApplicationOptions.CLASSPATH);
    }

    /// The number of workers of each Python application.
    public int processes() {
        return values.of(PythonProgramOptions.PROCESSES);
    }

    /// How Python programs are run, whichever.
    ///
    /// @param server whose limits hold for them as well
    /// @param shown what `uwsgi.opt` shows
    /// @param settingNames what messages call a setting
    /// @throws IllegalArgumentException if a value is out of range; [OptionTable#message] has it for the operator
    public PythonOptions python(
            ServerOptions server, WorkerMode mode, Map<String, Object> shown, UnaryOperator<String> settingNames) {
        PythonOptions.Builder program = PythonOptions.builder()
                .mode(mode)
                .requestTimeout(server.limits().requestTimeout())
                .spool(server.spool())
                .bufferSize(server.limits().maxHeaderBytes())
                .shown(shown)
                .settingNames(settingNames);
        PythonProgramOptions.applyTo(program, values);
        return program.build();
    }

    /// What reloads Python applications.
    public ReloadTriggers reloadTriggers() {
        return new ReloadTriggers(
                paths(ReloadOptions.TOUCH_RELOAD),
                paths(ReloadOptions.FS_RELOAD),
                paths(ReloadOptions.TOUCH_WORKERS_RELOAD),
                paths(ReloadOptions.TOUCH_CHAIN_RELOAD),
                PythonProgramOptions.sourceDirectories(values),
                values.of(ReloadOptions.PY_AUTORELOAD));
    }

    private List<Path> paths(Option<List<Path>> option) {
        return values.of(option).stream().map(directory()::resolve).toList();
    }

    // What relative paths are relative to.
    private Path directory() {
        return PythonProgramOptions.workingDirectory(values);
    }
}
