package dev.loomgate.cli.application;

import dev.loomgate.cli.options.ApplicationName;
import dev.loomgate.cli.options.Mount;
import dev.loomgate.cli.options.StaticMap;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.toolkit.files.StaticFiles;
import dev.loomgate.toolkit.middleware.Mounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Puts together what the command line names: one application, or several below their prefixes, and directories of
/// files. Used once, by one thread.
public final class Site {
    private final List<String> classPath;
    private final PythonOptions pythonOptions;
    private final List<Lifecycle> hooks = new ArrayList<>();
    private final List<PythonApplication> python = new ArrayList<>();

    /// @param classPath of the Java applications
    /// @param pythonOptions of all Python programs
    public Site(List<String> classPath, PythonOptions pythonOptions) {
        this.classPath = List.copyOf(classPath);
        this.pythonOptions = pythonOptions;
    }

    /// Loads them; a Python program is loaded when the server starts.
    ///
    /// @param root what has the paths that aren't mounted; those are 404 without it
    /// @param files what is sent as it is, where there is such a file; of two prefixes the longer one goes first
    /// @throws NoApplication if one can't be loaded; the message is for the operator
    public LoadedApplication load(Optional<ApplicationName> root, List<Mount> mounts, List<StaticMap> files)
            throws NoApplication {
        Application application = mounts.isEmpty() && root.isPresent() ? load(root.get()) : mounted(root, mounts);
        List<StaticMap> shortestFirst = files.stream()
                .sorted(Comparator.comparingInt(map -> map.prefix().length()))
                .toList();
        for (StaticMap map : shortestFirst) {
            try {
                application = StaticFiles.of(map.prefix(), map.directory())
                        .withPrecompressed()
                        .wrap(application);
            } catch (IllegalArgumentException e) {
                throw new NoApplication("--static-map: " + e.getMessage(), e);
            }
        }
        return new LoadedApplication(application, hooks, python);
    }

    private Application mounted(Optional<ApplicationName> root, List<Mount> mounts) throws NoApplication {
        Mounts all = root.isPresent() ? Mounts.of(load(root.get())) : Mounts.of();
        for (Mount mount : mounts) {
            try {
                all = all.withMount(mount.prefix(), load(mount.application()));
            } catch (IllegalArgumentException e) {
                throw new NoApplication("--" + e.getMessage(), e);
            }
        }
        return all;
    }

    private Application load(ApplicationName name) throws NoApplication {
        return switch (name) {
            case ApplicationName.Java java -> {
                LoadedApplication loaded = new ApplicationLoader(classPath).load(java.name());
                hooks.addAll(loaded.hooks());
                yield loaded.application();
            }
            case ApplicationName.PythonModule module -> python(pythonOptions.withModule(module.name()));
            case ApplicationName.PythonFile file -> python(pythonOptions.withFile(file.path()));
        };
    }

    private Application python(PythonOptions program) {
        PythonApplication application = PythonApplication.of(program);
        python.add(application);
        return application;
    }
}
