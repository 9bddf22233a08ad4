package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.ApplicationName;
import dev.loomgate.cli.options.values.Mount;
import dev.loomgate.cli.options.values.ValueType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is to be run.
public final class ApplicationOptions {
    static final Option<String> APP = Option.value(ValueType.TEXT, "--app")
            .label("CLASS|FILE.java")
            .says("a Java application: a class that implements Application, or has a method Body "
                    + "application(Environ, StartResponse) or a field application; or a single source "
                    + "file with such a class, which is compiled in memory; or ring:NAMESPACE/HANDLER, a Clojure one"
                    + "; or jwsgi:CLASS[:METHOD]");

    /// What the classes of Java applications are looked for in.
    public static final Option<List<String>> CLASSPATH = Option.values(ValueType.TEXT, "--classpath")
            .label("PATH")
            .says("directories and JAR files with the Java application's classes, separated by :; dir/* for"
                    + " all JAR files of a directory");

    static final Option<String> MODULE = Option.value(ValueType.TEXT, "-w", "--module", "--wsgi")
            .label("MODULE[:CALLABLE]")
            .setting("module", "-w")
            .inUwsgi(Option.SAME)
            .says("a Python application: the module that has it, and its name there, otherwise --callable");

    static final Option<Path> WSGI_FILE = Option.value(ValueType.PATH, "--wsgi-file", "--file")
            .label("FILE.py")
            .setting("file")
            .inUwsgi(Option.SAME)
            .says("a Python application: its file; passed over where there is a module");

    static final Option<String> PASTE = Option.value(ValueType.TEXT, "--paste")
            .label("config:/FILE.ini")
            .setting("paste")
            .inUwsgi(Option.SAME)
            .says("a Python application: what Paste Deploy makes of a file of its own, or of one application in it,"
                    + " config:/FILE.ini#NAME");

    static final Option<String> EVAL = Option.value(ValueType.TEXT, "--eval")
            .label("CODE")
            .setting("code")
            .inUwsgi(Option.SAME)
            .says("a Python application: source text that has it; passed over where there is another one");

    static final Option<List<String>> MOUNT = Option.values(ValueType.TEXT, "--mount")
            .label("/PREFIX=APPLICATION")
            .inUwsgi(Option.SAME)
            .says("an application below a prefix: MODULE[:CALLABLE], FILE.py or FILE.wsgi in Python, java:CLASS or "
                    + "FILE.java in Java, ring:NAMESPACE/HANDLER in Clojure, jwsgi:CLASS[:METHOD]");

    /// Whether a path under no mount is 404 rather than the first mounted application's.
    public static final Option<Boolean> NO_DEFAULT_APP = Option.flag("--no-default-app")
            .inUwsgi(Option.SAME)
            .says("a path under no --mount is 404; otherwise the first application that is mounted answers it, "
                    + "where no application is named without a prefix");

    /// Whether the application is loaded and no more.
    public static final Option<Boolean> NO_SERVER = Option.flag("--no-server")
            .inUwsgi("same; there the application's own errors count only with --need-app")
            .ofProcess()
            .says("load the application as a start does, say whether that is possible, and end: status 0 if it is");

    /// In the order of the help.
    public static final List<Option<?>> ALL =
            List.of(APP, CLASSPATH, MODULE, WSGI_FILE, PASTE, EVAL, MOUNT, NO_DEFAULT_APP, NO_SERVER);

    private ApplicationOptions() {}

    /// The application that has what isn't mounted. A module goes before a file, and that before a text, as in uWSGI.
    ///
    /// @throws IllegalArgumentException if there are two
    public static Optional<ApplicationName> root(OptionValues values) {
        List<ApplicationName> java = Stream.of(
                        values.given(APP),
                        values.given(JvmOptions.JWSGI).map("jwsgi:"::concat),
                        values.given(JvmOptions.RING_APP).map("ring:"::concat))
                .flatMap(Optional::stream)
                .<ApplicationName>map(ApplicationName.Java::new)
                .toList();
        if (java.size() > 1) {
            throw new IllegalArgumentException("of --app, --jwsgi and --ring-app one can be given, since each names the"
                    + " application: put others below a prefix (--mount)");
        }
        Optional<ApplicationName> python = values.given(MODULE)
                .<ApplicationName>map(ApplicationName.PythonModule::new)
                .or(() -> values.given(WSGI_FILE).map(ApplicationName.PythonFile::new))
                .or(() -> values.given(PASTE)
                        .or(() -> ConfigOptions.paste(values))
                        .map(ApplicationName.PythonPaste::new))
                .or(() -> values.given(EVAL).map(ApplicationName.PythonCode::new));
        if (!java.isEmpty() && python.isPresent()) {
            throw new IllegalArgumentException("%s and %s name one application: put others below a prefix (--mount)"
                    .formatted(namedJava(values), named(python.get())));
        }
        return java.stream().findFirst().or(() -> python);
    }

    /// No application, where something runs beside the workers or instead of them, or is imported; else empty. As in
    /// uWSGI.
    public static Optional<ApplicationName> nothing(OptionValues values) {
        if (values.given(PythonSetupOptions.PYRUN).isPresent()) {
            return Optional.of(new ApplicationName.PythonNothing());
        }
        boolean runs = Stream.of(
                        MuleProcessOptions.MULE,
                        MuleProcessOptions.MULES,
                        SpoolerTaskOptions.SPOOLER,
                        PythonSetupOptions.IMPORT,
                        PythonSetupOptions.SHARED_IMPORT)
                .anyMatch(option -> !values.of(option).isEmpty());
        return runs && !values.of(PythonProgramOptions.NEED_APP)
                ? Optional.of(new ApplicationName.PythonNothing())
                : Optional.empty();
    }

    private static String namedJava(OptionValues values) {
        return values.given(JvmOptions.JWSGI)
                .map(given -> "--jwsgi")
                .or(() -> values.given(JvmOptions.RING_APP).map(given -> "--ring-app"))
                .orElse("--app");
    }

    private static String named(ApplicationName python) {
        return switch (python) {
            case ApplicationName.PythonFile file -> "--wsgi-file";
            case ApplicationName.PythonPaste paste -> "--paste";
            case ApplicationName.PythonCode code -> "--eval";
            default -> "--module";
        };
    }

    /// What is given, and isn't run nevertheless; for the log.
    public static Optional<String> passedOver(OptionValues values) {
        return values.given(WSGI_FILE)
                .filter(file -> values.given(MODULE).isPresent())
                .map(file -> "--wsgi-file %s is passed over, since --module names the application; as in uWSGI"
                        .formatted(file));
    }

    /// The others, with their prefixes.
    ///
    /// @param directory what files are relative to
    /// @throws IllegalArgumentException if one isn't a prefix and an application
    public static List<Mount> mounts(OptionValues values, Path directory) {
        return values.of(MOUNT).stream()
                .map(text -> Mount.parse(text, directory))
                .toList();
    }
}
