package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.JavaSettings;
import dev.loomgate.cli.options.values.ValueType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Programs of uWSGI's for the JVM, and what runs before Java applications.
public final class JvmOptions {
    static final Option<String> JWSGI = Option.value(ValueType.TEXT, "--jwsgi")
            .label("CLASS[:METHOD]")
            .inUwsgi("a result that is no response is an empty answer, and a 500 here")
            .says("a Java application by uWSGI's interface JWSGI: a class, and its method, otherwise application");

    static final Option<String> RING_APP = Option.value(ValueType.TEXT, "--ring-app")
            .label("NAMESPACE/HANDLER")
            .inUwsgi("the namespace isn't required; a result that is no response is an empty answer, and a 500 here")
            .says("a Clojure application by the interface Ring: a namespace, and the handler in it");

    static final Option<List<String>> RING_LOAD = Option.values(ValueType.TEXT, "--ring-load", "--clojure-load")
            .label("FILE.clj")
            .inUwsgi("from the class path alone, and here from the file system, too")
            .says("a file of Clojure's that is run before a Ring application is loaded");

    static final Option<List<String>> JVM_CLASSPATH = Option.values(ValueType.TEXT, "--jvm-classpath")
            .label("PATH")
            .inUwsgi("an entry that isn't there is passed over, and an error here")
            .says("the same as --classpath");

    static final Option<List<String>> JVM_CLASS = Option.values(ValueType.TEXT, "--jvm-class")
            .label("CLASS")
            .inUwsgi("a class that isn't there is passed over, and an error here")
            .says("a class that is initialised before each Java application, with its class loader");

    static final Option<List<String>> JVM_MAIN_CLASS = Option.values(ValueType.TEXT, "--jvm-main-class")
            .label("CLASS")
            .inUwsgi("once, and here before each Java application")
            .says("a class whose main() is run before each Java application, with its class loader");

    /// In the order of the help.
    public static final List<Option<?>> ALL =
            List.of(JWSGI, RING_APP, RING_LOAD, JVM_CLASSPATH, JVM_CLASS, JVM_MAIN_CLASS);

    private JvmOptions() {}

    /// What all Java applications have in common.
    ///
    /// @param directory what is on the class path first where uWSGI has it there: for `--jwsgi` and `--ring-app`
    /// @param options what the server was started with
    /// @param hasJava whether there is a Java application
    /// @throws IllegalArgumentException if there is none, and something is to be run before it
    public static JavaSettings settings(
            OptionValues values, Path directory, Map<String, Object> options, boolean hasJava) {
        if (!hasJava) {
            Stream.of(JVM_CLASS, JVM_MAIN_CLASS, RING_LOAD)
                    .filter(option -> !values.of(option).isEmpty())
                    .findFirst()
                    .ifPresent(option -> {
                        throw new IllegalArgumentException(option.longName()
                                + " is run before Java applications, and there is none (--app, --jwsgi, --ring-app)");
                    });
        }
        boolean asInUwsgi =
                values.given(JWSGI).isPresent() || values.given(RING_APP).isPresent();
        List<String> classPath = Stream.of(
                        asInUwsgi ? List.of(directory.toString()) : List.<String>of(),
                        values.of(JVM_CLASSPATH),
                        values.of(ApplicationOptions.CLASSPATH))
                .flatMap(List::stream)
                .toList();
        return new JavaSettings(
                classPath, values.of(JVM_CLASS), values.of(JVM_MAIN_CLASS), values.of(RING_LOAD), options);
    }
}
