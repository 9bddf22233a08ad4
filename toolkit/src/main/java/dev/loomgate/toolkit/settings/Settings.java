package dev.loomgate.toolkit.settings;

import dev.loomgate.toolkit.values.RecordReader;
import dev.loomgate.toolkit.values.RecordShape;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a program's settings into a record, whose components say what there is:
///
/// ```java
/// record Shop(URI database, Secret databasePassword, int maxOrders, List<String> clerks, boolean verbose) {}
///
/// Shop shop = Settings.of("SHOP")
///         .withFileIfThere(Path.of("/etc/shop.properties"))
///         .withDefault("maxOrders", "100")
///         .read(Shop.class);
/// ```
///
/// The component `maxOrders` is looked for in this order:
///
/// | place | as |
/// |---|---|
/// | arguments, if there are any | `--max-orders TEXT`, `--max-orders=TEXT`; no [Secret] |
/// | environment | `SHOP_MAX_ORDERS`, or `SHOP_MAX_ORDERS_FILE`, which names a file that has it |
/// | credentials of systemd | the file `max-orders` in `$CREDENTIALS_DIRECTORY` |
/// | files, the last one first | `max-orders = TEXT` in a `.properties` file |
/// | the program | [#withDefault] |
///
/// The types are those of records that are made of a query, and [Path] and [Secret]: a component must
/// have a value unless it is declared nullable or Optional, or is a boolean, which is false then, or a
/// List, which is empty then. A list is separated by commas; in a file of its own it has an element in
/// each line; of arguments all are taken. A line break at the end of a file of its own is no part of the
/// value.
///
/// All that is wrong is told at once, by the names of the places, and without what came from a file of
/// its own or is a secret. A file of settings may have no others than the record's. What the record's
/// constructor refuses is told in its own words: let it name no secret.
///
/// Immutable. To be called at the start, before there are requests: it reads files.
public final class Settings {
    private static final int WRONG = 2;

    private final String prefix;
    private final Map<String, String> environment;
    private final List<SettingsFile> files;
    private final Map<String, String> defaults;
    private final @Nullable CommandLine arguments;

    private Settings(
            String prefix,
            Map<String, String> environment,
            List<SettingsFile> files,
            Map<String, String> defaults,
            @Nullable CommandLine arguments) {
        this.prefix = prefix;
        this.environment = environment;
        this.files = List.copyOf(files);
        this.defaults = Map.copyOf(defaults);
        this.arguments = arguments;
    }

    /// What a program does with its settings: mostly, it serves.
    @FunctionalInterface
    public interface Main<T extends Record> {
        /// @param rest the arguments that are no settings, in order, such as those of a server
        /// @throws Exception as the program's own `main` does
        void run(T settings, String[] rest) throws Exception;
    }

    /// Settings by the environment's variables with this prefix, and an underscore behind it.
    ///
    /// @param prefix in upper case: letters, digits and underscores
    /// @throws IllegalArgumentException if it has others
    public static Settings of(String prefix) {
        if (!prefix.matches("[A-Z][A-Z0-9_]*")) {
            throw new IllegalArgumentException(
                    "\"%s\" is no prefix of environment variables, as SHOP is".formatted(prefix));
        }
        return new Settings(prefix + "_", System.getenv(), List.of(), Map.of(), null);
    }

    /// The same with another environment than the process has: for tests.
    public Settings withEnvironment(Map<String, String> variables) {
        return new Settings(prefix, Map.copyOf(variables), files, defaults, arguments);
    }

    /// The same with a program's arguments.
    public Settings withArguments(String... args) {
        return new Settings(prefix, environment, files, defaults, new CommandLine(List.of(args)));
    }

    /// The same with another file, which says more than those before it.
    public Settings withFile(Path path) {
        return with(new SettingsFile(path, false));
    }

    /// The same with another file, which says more than those before it and need not be there.
    public Settings withFileIfThere(Path path) {
        return with(new SettingsFile(path, true));
    }

    private Settings with(SettingsFile file) {
        return new Settings(
                prefix,
                environment,
                Stream.concat(files.stream(), Stream.of(file)).toList(),
                defaults,
                arguments);
    }

    /// The same with a value for where nobody gives one.
    ///
    /// @param component the record's
    /// @param text as it would be given
    public Settings withDefault(String component, String text) {
        Map<String, String> more = new LinkedHashMap<>(defaults);
        more.put(component, text);
        return new Settings(prefix, environment, files, more, arguments);
    }

    /// Reads the record.
    ///
    /// @throws WrongSettings if values are missing, wrong, unreadable, or refused by the record's
    /// constructor, or there are arguments that are no settings
    /// @throws IllegalArgumentException if there can be no such settings: a component is of another
    /// type, two of them have one name, or a default has none
    public <T extends Record> T read(Class<T> type) {
        RecordShape shape = shape(type);
        Map<String, Setting> settings = settings(shape);
        Reading reading = reading(settings);
        if (arguments != null) {
            reading.add(arguments.unknown(settings));
        }
        return type.cast(RecordReader.read(shape, reading, reading));
    }

    /// Reads the record, and runs a program with it. If something is wrong, the lines that say so go to
    /// standard error, and the process exits with status 2.
    ///
    /// ```java
    /// public static void main(String[] args) throws Exception {
    ///     Settings.of("SHOP").withArguments(args).run(Shop.class, (shop, rest) -> Server.run(site(shop), rest));
    /// }
    /// ```
    ///
    /// @throws IllegalArgumentException as [#read]
    /// @throws Exception as the program
    public <T extends Record> void run(Class<T> type, Main<? super T> main) throws Exception {
        int status = run(type, main, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    /// @return the exit status
    <T extends Record> int run(Class<T> type, Main<? super T> main, PrintStream errors) throws Exception {
        RecordShape shape = shape(type);
        Map<String, Setting> settings = settings(shape);
        T made;
        try {
            Reading reading = reading(settings);
            made = type.cast(RecordReader.read(shape, reading, reading));
        } catch (WrongSettings e) {
            e.lines().forEach(errors::println);
            return WRONG;
        }
        List<String> rest = arguments == null ? List.of() : arguments.rest(settings);
        main.run(made, rest.toArray(String[]::new));
        return 0;
    }

    private Reading reading(Map<String, Setting> settings) {
        List<Place> places = new ArrayList<>();
        places.add(new Defaults(defaults));
        places.addAll(files);
        places.add(new Variables(environment, prefix));
        Optional.ofNullable(arguments).ifPresent(places::add);
        return new Reading(settings, places);
    }

    private static RecordShape shape(Class<?> type) {
        try {
            RecordShape shape = RecordShape.of(type);
            List<String> strangers = RecordReader.strangers(shape, Reading::makes);
            if (!strangers.isEmpty()) {
                throw new IllegalArgumentException("%s has components that no text can be: %s"
                        .formatted(type.getName(), String.join(", ", strangers)));
            }
            return shape;
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("the record " + type.getName() + " is not accessible", e);
        }
    }

    private Map<String, Setting> settings(RecordShape shape) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        List<String> ways = new ArrayList<>();
        for (RecordShape.Component component : shape.components()) {
            Setting setting = Setting.of(component);
            settings.put(setting.key(), setting);
            ways.addAll(new Variables(environment, prefix).ways(setting));
        }
        // NAME_FILE is the file of NAME, or a setting of that name: nobody could say which.
        ways.stream()
                .filter(way -> ways.indexOf(way) != ways.lastIndexOf(way))
                .findFirst()
                .ifPresent(way -> {
                    throw new IllegalArgumentException("%s has two components for %s"
                            .formatted(shape.type().getName(), way));
                });
        return settings;
    }
}
