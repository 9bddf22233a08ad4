package dev.loomgate.cli.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What is to be run.
public final class ApplicationOptions {
    @Option(
            names = "--app",
            paramLabel = "CLASS|FILE.java",
            description = "a Java application: a class that implements Application, or has a method"
                    + " Body application(Environ, StartResponse) or a static field application; or a single source file"
                    + " with such a class, which is compiled in memory")
    private @Nullable String app;

    @Option(
            names = "--classpath",
            paramLabel = "PATH",
            description = "directories and JAR files with the Java application's classes, : in between; repeatable")
    private List<String> classPath = new ArrayList<>();

    @Option(
            names = {"-w", "--module", "--wsgi"},
            paramLabel = "MODULE[:CALLABLE]",
            description = "a Python application: the module that has it, and its name there (default: application)")
    private @Nullable String module;

    @Option(
            names = {"--wsgi-file", "--file"},
            paramLabel = "FILE.py",
            description = "a Python application: the file that has it")
    private @Nullable Path file;

    @Option(
            names = "--mount",
            paramLabel = "/PREFIX=APPLICATION",
            description = "an application below a prefix: MODULE[:CALLABLE] or FILE.py in Python, java:CLASS or"
                    + " FILE.java in Java; repeatable")
    private List<String> mounts = new ArrayList<>();

    @Option(
            names = "--static-map",
            paramLabel = "/PREFIX=DIRECTORY",
            description = "files of a directory below a prefix, before any application; repeatable")
    private List<String> staticMaps = new ArrayList<>();

    /// What the classes of Java applications are looked for in.
    public List<String> classPath() {
        return List.copyOf(classPath);
    }

    /// The application that has what isn't mounted.
    ///
    /// @throws IllegalArgumentException if there is more than one
    public Optional<ApplicationName> root() {
        List<ApplicationName> named = new ArrayList<>();
        if (app != null) {
            named.add(new ApplicationName.Java(app));
        }
        if (module != null) {
            named.add(new ApplicationName.PythonModule(module));
        }
        if (file != null) {
            named.add(new ApplicationName.PythonFile(file));
        }
        if (named.size() > 1) {
            throw new IllegalArgumentException(
                    "--app, --module and --wsgi-file name one application: put others below a prefix (--mount)");
        }
        return named.stream().findFirst();
    }

    /// The others, with their prefixes.
    ///
    /// @throws IllegalArgumentException if one isn't a prefix and an application
    public List<Mount> mounts() {
        return mounts.stream().map(Mount::parse).toList();
    }

    /// The directories whose files are sent.
    ///
    /// @param directory what they are relative to
    /// @throws IllegalArgumentException if one isn't a prefix and a directory
    public List<StaticMap> staticMaps(Path directory) {
        return staticMaps.stream().map(text -> StaticMap.parse(text, directory)).toList();
    }
}
