package dev.loomgate.cli.application;

import dev.loomgate.cli.options.values.ApplicationName;
import dev.loomgate.cli.options.values.JavaSettings;
import dev.loomgate.cli.options.values.Mount;
import dev.loomgate.cli.options.values.StaticSite;
import dev.loomgate.cli.reload.Reloadable;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.toolkit.debug.DebugPages;
import dev.loomgate.toolkit.debug.LiveReload;
import dev.loomgate.toolkit.files.StaticFiles;
import dev.loomgate.toolkit.middleware.Mounts;
import dev.loomgate.toolkit.routes.Routes;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Puts together what the command line names: one application, or several below their prefixes, and directories of
/// files. Used once, by one thread.
public final class Site {
    private static final Pattern CLASS = Pattern.compile("(\\w+\\.)*[A-Z]\\w*");

    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final JavaSettings java;
    private final PythonOptions pythonOptions;
    private final List<Lifecycle> hooks = new ArrayList<>();
    private final Map<PythonApplication, String> python = new LinkedHashMap<>();
    private final List<Path> sources = new ArrayList<>();
    private final List<Reloadable> reloadable = new ArrayList<>();
    private boolean firstMountIsDefault;
    private boolean reloads;
    private boolean development;
    private Optional<LiveReload> live = Optional.empty();

    /// @param java of all Java applications
    /// @param pythonOptions of all Python programs
    public Site(JavaSettings java, PythonOptions pythonOptions) {
        this.java = java;
        this.pythonOptions = pythonOptions;
    }

    /// A path under no mount is the first mounted application's, where there is no root.
    public Site firstMountIsDefault() {
        firstMountIsDefault = true;
        return this;
    }

    /// Java applications can be replaced by their next versions.
    ///
    /// @param reloads whether
    public Site reloads(boolean reloads) {
        this.reloads = reloads;
        return this;
    }

    /// A failed request is answered by a page that says why; and so is each, while the next version of an application
    /// can't be made.
    ///
    /// @param development whether
    public Site development(boolean development) {
        this.development = development;
        return this;
    }

    /// Loads them; a Python program is loaded when the server starts.
    ///
    /// @param root what has the paths that aren't mounted; those are 404 without it
    /// @param files what is sent as it is, where there is such a file
    /// @param routes rules on requests and responses
    /// @param before what stands before all of that
    /// @throws NoApplication if one can't be loaded; the message is for the operator
    public LoadedApplication load(
            Optional<ApplicationName> root, List<Mount> mounts, StaticSite files, Routes routes, Middleware before)
            throws NoApplication {
        live = reloads && development ? Optional.of(LiveReload.of()) : Optional.empty();
        Application application = mounts.isEmpty() && root.isPresent() ? loadRoot(root.get()) : mounted(root, mounts);
        for (Path place : files.places()) {
            if (!Files.exists(place)) {
                LOG.log(Level.WARNING, () -> "there is no %s yet: static files in it are looked for at each request"
                        .formatted(place.normalize()));
            }
        }
        if (files.documentRoots().isPresent()) {
            application = files.documentRoots().get().wrap(application);
        }
        if (!routes.isEmpty()) {
            application = routes.withFiles(files.files()).wrap(application);
        } else {
            for (StaticFiles each : files.files().reversed()) {
                application = each.wrap(application);
            }
        }
        application = before.wrap(application);
        if (development) {
            application = debugPages().wrap(application);
        }
        if (live.isPresent()) {
            application = live.get().wrap(application);
        }
        return new LoadedApplication(application, hooks, python, reloadable);
    }

    private Application mounted(Optional<ApplicationName> root, List<Mount> mounts) throws NoApplication {
        Mounts all = root.isPresent() ? Mounts.of(loadRoot(root.get())) : Mounts.of();
        boolean first = root.isEmpty() && firstMountIsDefault;
        for (Mount mount : mounts) {
            try {
                Application application = load(mount);
                all = (first ? Mounts.of(application) : all).withMount(mount.prefix(), application);
                first = false;
            } catch (IllegalArgumentException e) {
                throw new NoApplication("--" + e.getMessage(), e);
            }
        }
        return all;
    }

    private Application loadRoot(ApplicationName name) throws NoApplication {
        return load(name, "--app", pythonOptions, "");
    }

    /// Messages name `--mount` then.
    private Application load(Mount mount) throws NoApplication {
        PythonOptions options = pythonOptions.withSettingNames(setting -> switch (setting) {
            case "module" -> "--mount" + hint(mount);
            case "file" -> "--mount";
            default -> pythonOptions.nameOf(setting);
        });
        return load(mount.application(), "--mount", options, mount.prefix());
    }

    /// What else may be meant by a name that looks like a class's.
    private static String hint(Mount mount) {
        return mount.application() instanceof ApplicationName.PythonModule(String name)
                        && CLASS.matcher(name).matches()
                ? ", where a Java class is java:" + name
                : "";
    }

    /// @param javaOption what names a Java application, for messages
    /// @param prefix that it is mounted at; empty for the root
    private Application load(ApplicationName name, String javaOption, PythonOptions options, String prefix)
            throws NoApplication {
        return switch (name) {
            case ApplicationName.Java(String named) -> {
                if (named.endsWith(".java")) {
                    sources.add(Path.of(named));
                }
                ApplicationLoader loader = new ApplicationLoader(java, javaOption);
                yield reloads ? replaceable(loader, javaOption, named) : loaded(loader.load(named));
            }
            case ApplicationName.PythonModule module -> python(options.withModule(module.name()), prefix);
            case ApplicationName.PythonFile file -> python(options.withFile(file.path()), prefix);
            case ApplicationName.PythonNothing nothing -> python(options.withNothing(), prefix);
            case ApplicationName.PythonPaste paste -> python(options.withPaste(paste.configuration()), prefix);
            case ApplicationName.PythonCode code -> python(options.withCode(code.text()), prefix);
        };
    }

    private Application loaded(LoadedApplication loaded) {
        hooks.addAll(loaded.hooks());
        return loaded.application();
    }

    private Application replaceable(ApplicationLoader loader, String option, String name) throws NoApplication {
        // The pages stand before each version as well, since they know the routes of what they stand before.
        ReloadableApplication application = new ReloadableApplication(
                loader,
                option,
                name,
                version -> development ? debugPages().wrap(version) : version,
                live.<ReloadView>map(LiveView::new).orElse(ReloadView.NONE));
        reloadable.add(application);
        return application;
    }

    private DebugPages debugPages() {
        return DebugPages.of().withFiles(sources);
    }

    // Tasks are done by the first program's spoolers: another one's would not know them. The script is the
    // first's, too.
    private Application python(PythonOptions program, String prefix) {
        PythonApplication application = PythonApplication.of(python.isEmpty() ? program : program.alone());
        python.put(application, prefix);
        return application;
    }
}
