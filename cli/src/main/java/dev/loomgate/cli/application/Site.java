package dev.loomgate.cli.application;

import dev.loomgate.cli.options.values.ApplicationName;
import dev.loomgate.cli.options.values.Mount;
import dev.loomgate.cli.options.values.StaticMap;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.toolkit.files.StaticFiles;
import dev.loomgate.toolkit.middleware.Mounts;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Puts together what the command line names: one application, or several below their prefixes, and directories of
/// files. Used once, by one thread.
public final class Site {
    private static final Pattern CLASS = Pattern.compile("(\\w+\\.)*[A-Z]\\w*");

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
        Application application = mounts.isEmpty() && root.isPresent() ? loadRoot(root.get()) : mounted(root, mounts);
        List<StaticMap> shortestFirst = files.stream()
                .sorted(Comparator.comparingInt(map -> map.prefix().length()))
                .toList();
        for (StaticMap map : shortestFirst) {
            if (!Files.isDirectory(map.directory())) {
                throw new NoApplication(
                        "--static-map: there is no directory " + map.directory().normalize());
            }
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
        Mounts all = root.isPresent() ? Mounts.of(loadRoot(root.get())) : Mounts.of();
        for (Mount mount : mounts) {
            try {
                all = all.withMount(mount.prefix(), load(mount));
            } catch (IllegalArgumentException e) {
                throw new NoApplication("--" + e.getMessage(), e);
            }
        }
        return all;
    }

    private Application loadRoot(ApplicationName name) throws NoApplication {
        return load(name, "--app", pythonOptions);
    }

    /// Messages name `--mount` then.
    private Application load(Mount mount) throws NoApplication {
        PythonOptions options = pythonOptions.withSettingNames(setting -> switch (setting) {
            case "module" -> "--mount" + hint(mount);
            case "file" -> "--mount";
            default -> pythonOptions.nameOf(setting);
        });
        return load(mount.application(), "--mount", options);
    }

    /// What else may be meant by a name that looks like a class's.
    private static String hint(Mount mount) {
        return mount.application() instanceof ApplicationName.PythonModule(String name)
                        && CLASS.matcher(name).matches()
                ? ", where a Java class is java:" + name
                : "";
    }

    /// @param javaOption what names a Java application, for messages
    private Application load(ApplicationName name, String javaOption, PythonOptions options) throws NoApplication {
        return switch (name) {
            case ApplicationName.Java java -> {
                LoadedApplication loaded = new ApplicationLoader(classPath, javaOption).load(java.name());
                hooks.addAll(loaded.hooks());
                yield loaded.application();
            }
            case ApplicationName.PythonModule module -> python(options.withModule(module.name()));
            case ApplicationName.PythonFile file -> python(options.withFile(file.path()));
        };
    }

    private Application python(PythonOptions program) {
        PythonApplication application = PythonApplication.of(program);
        python.add(application);
        return application;
    }
}
