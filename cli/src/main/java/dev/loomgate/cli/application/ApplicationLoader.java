package dev.loomgate.cli.application;

import dev.loomgate.cli.kinds.NamedKind;
import dev.loomgate.cli.options.values.JavaSettings;
import dev.loomgate.gateway.kind.Program;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Loads what `--app` or `--mount` names: a class of the class path, a single source file, or a program of a kind that
/// a module offers.
public final class ApplicationLoader {
    private static final String HINT = "; a single source file ends in .java";

    private final ApplicationClassPath classPath;
    private final JavaSettings settings;
    private final String option;
    private final @Nullable CompiledCache cache;

    /// @param classPath where to look before the server's own class path, as `--classpath` has it
    /// @param option what names the application, for messages: `--app`
    /// @throws NoApplication if one of these isn't there
    public ApplicationLoader(List<String> classPath, String option) throws NoApplication {
        this(new JavaSettings(classPath), option);
    }

    /// @param option what names the application, for messages: `--app`
    /// @throws NoApplication if an entry of the class path isn't there
    ApplicationLoader(JavaSettings settings, String option) throws NoApplication {
        this(settings, option, CompiledCache.ofLauncher().orElse(null));
    }

    /// @param cache of what source files became, or null for none
    ApplicationLoader(JavaSettings settings, String option, @Nullable CompiledCache cache) throws NoApplication {
        classPath = ApplicationClassPath.of(settings.classPath());
        this.settings = settings;
        this.option = option;
        this.cache = cache;
    }

    /// The same that compiles source files each time: what will be edited again soon isn't worth keeping.
    ApplicationLoader withoutCache() throws NoApplication {
        return new ApplicationLoader(settings, option, null);
    }

    /// Files and directories that the application is made of: the source file, if it is one, and the class path.
    List<Path> sources(String name) {
        return Stream.concat(
                        name.endsWith(".java") ? Stream.of(Path.of(name)) : Stream.empty(),
                        classPath.entries().stream())
                .toList();
    }

    /// The application that `name` stands for: a kind's name, a colon and a program of that kind, the path of a file
    /// that ends in `.java`, or a class's name.
    ///
    /// The calling thread's context class loader is the application's from then on: a server that it starts has
    /// microthreads with the same.
    ///
    /// @throws NoApplication if there is none; the message is for the operator
    public LoadedApplication load(String name) throws NoApplication {
        String shown = option + " " + name;
        Optional<NamedKind> named = NamedKind.of(name);
        if (named.isPresent()) {
            return load(named.get(), shown);
        }
        ClassLoader parent = classPath.loader();
        if (name.endsWith(".java")) {
            SourceFile source = SourceFile.read(Path.of(name), shown);
            CompiledClasses compiled = source.compile(classPath, cache);
            ClassLoader loader = compiled.loader(parent);
            prepare(loader);
            return ApplicationForms.of(initialized(compiled.mainClass(source), loader, option, HINT), shown);
        }
        prepare(parent);
        return ApplicationForms.of(initialized(name, parent, option, HINT), shown);
    }

    private LoadedApplication load(NamedKind named, String shown) throws NoApplication {
        ClassLoader loader = classPath.loaderBelow(named.kind().parent(ApplicationClassPath.serverLoader()));
        prepare(loader);
        try {
            Program program = new Program(named.program(), loader, settings.scripts(), settings.options());
            return new LoadedApplication(named.kind().load(program), List.of());
        } catch (IllegalArgumentException e) {
            throw new NoApplication(shown + ": " + e.getMessage(), e.getCause());
        }
    }

    /// Makes a loader the thread's, and runs what is to be run before the application.
    private void prepare(ClassLoader loader) throws NoApplication {
        Thread.currentThread().setContextClassLoader(loader);
        for (String name : settings.classes()) {
            initialized(name.replace('/', '.'), loader, "--jvm-class", "");
        }
        for (String name : settings.mains()) {
            MainMethod.run(initialized(name.replace('/', '.'), loader, "--jvm-main-class", ""));
        }
    }

    private static Class<?> initialized(String name, ClassLoader loader, String option, String hint)
            throws NoApplication {
        try {
            return Class.forName(name, true, loader);
        } catch (ClassNotFoundException e) {
            throw new NoApplication(
                    "no class " + name + " (" + option + "): it is neither in --classpath nor in the server" + hint);
        } catch (ExceptionInInitializerError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new NoApplication("class " + name + " (" + option + ") fails to initialise: " + cause, cause);
        } catch (LinkageError e) {
            throw new NoApplication("class " + name + " (" + option + ") can't be loaded: " + e);
        }
    }
}
