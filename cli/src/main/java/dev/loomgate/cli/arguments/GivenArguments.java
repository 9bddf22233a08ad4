package dev.loomgate.cli.arguments;

import dev.loomgate.cli.config.Configuration;
import dev.loomgate.cli.config.ConfigurationReader;
import dev.loomgate.cli.config.KnownOptions;
import dev.loomgate.cli.config.Surroundings;
import dev.loomgate.cli.config.entries.ConfigEntry;
import dev.loomgate.cli.config.entries.Notice;
import dev.loomgate.cli.config.entries.Origin;
import dev.loomgate.cli.config.entries.WrongConfiguration;
import dev.loomgate.cli.options.rows.ConfigOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/// What the program was given, as arguments for picocli.
///
/// @param arguments all of it, files' options included
/// @param origins where those come from
/// @param notices what the operator should know
/// @param shown what `--show-config` prints; empty without it
/// @param options what `uwsgi.opt` has: texts, true for an option without value, and lists of both; empty if no
///     file and no variable was read
public record GivenArguments(
        List<String> arguments,
        Origins origins,
        List<Notice> notices,
        Optional<String> shown,
        Optional<Map<String, Object>> options) {
    private static final Pattern FILE = Pattern.compile(".*\\.(ini|ya?ml|xml|json|js)(:[^/:]*)?", Pattern.DOTALL);
    private static final Pattern PLACEHOLDER = Pattern.compile("(?s).*[%$@]\\(.*");
    private static final String VARIABLE = "UWSGI_";
    private static final String ALLOW_EXEC = "allow-exec";
    private static final String SHOW_CONFIG = "show-config";

    // uWSGI's processes set them for each other.
    private static final Set<String> NO_OPTIONS = Set.of(
            "UWSGI_RELOADS",
            "UWSGI_VASSALS_DIR",
            "UWSGI_EMPEROR_FD",
            "UWSGI_BROODLORD_NUM",
            "UWSGI_EMPEROR_FD_CONFIG",
            "UWSGI_EMPEROR_PROXY",
            "UWSGI_JAIL_PID",
            "UWSGI_ORIGINAL_PROC_NAME");

    // They name files, and what they say is the base that other variables change.
    private static final Set<String> FILES = Set.of("ini", "yaml", "yml", "json", "js", "xml", "xmlconfig", "include");

    /// The command line alone, as it was typed.
    public static GivenArguments typed(String... args) {
        return new GivenArguments(List.of(args), new Origins(), List.of(), Optional.empty(), Optional.empty());
    }

    /// Whether there is more than a command line to be read: a file, a variable, a placeholder.
    public static boolean isMoreThanTyped(Map<String, String> environment, String... args) {
        return environment.keySet().stream().anyMatch(GivenArguments::isOption)
                || List.of(args).stream()
                        .anyMatch(arg -> isConfigurationFile(arg)
                                || PLACEHOLDER.matcher(arg).matches()
                                || (arg.startsWith("-") && ConfigOptions.has(arg)));
    }

    private static boolean isOption(String variable) {
        return variable.startsWith(VARIABLE) && !NO_OPTIONS.contains(variable);
    }

    /// Whether a word that follows no option is a configuration file: `site.ini`, `site.yaml:prod`.
    static boolean isConfigurationFile(String word) {
        return !word.startsWith("-") && FILE.matcher(word).matches();
    }

    /// Reads files and variables that are named.
    ///
    /// @param command has the options
    /// @throws WrongConfiguration if something is wrong with them
    public static GivenArguments read(
            CommandSpec command, KnownOptions known, Surroundings surroundings, String... args) {
        TypedOptions typed = TypedOptions.of(command, known, args);
        boolean mayExecute =
                typed.options().stream().anyMatch(option -> option.key().equals(ALLOW_EXEC));
        ConfigurationReader reader = new ConfigurationReader(known, surroundings.executing(mayExecute));
        addVariables(reader, surroundings.environment());
        for (int i = 0; i < typed.options().size(); i++) {
            TypedOptions.Typed option = typed.options().get(i);
            reader.add(option.key(), option.value(), Origin.commandLine(i));
        }
        List<String> others = new ArrayList<>();
        for (String word : typed.others()) {
            if (isConfigurationFile(word) && !typed.others().contains("--")) {
                reader.addFile(word, Origin.commandLine(typed.options().size()));
            } else {
                others.add(word);
            }
        }
        return of(command, known, reader.finish(), typed, others);
    }

    private static GivenArguments of(
            CommandSpec command,
            KnownOptions known,
            Configuration configuration,
            TypedOptions typed,
            List<String> others) {
        List<Notice> notices = new ArrayList<>(configuration.notices());
        for (ConfigEntry entry : configuration.unknown()) {
            noticeOfUnknown(entry, known.similar(entry.key())).ifPresent(notices::add);
        }
        for (ConfigEntry entry : configuration.all()) {
            if (entry.key().equals(ALLOW_EXEC) && !entry.origin().isCommandLine()) {
                throw new WrongConfiguration(entry.origin(), ALLOW_EXEC + " counts on the command line alone");
            }
        }
        OptionArguments arguments = new OptionArguments(command, known, typed, notices);
        configuration.options().forEach(arguments::add);
        List<String> all = new ArrayList<>(arguments.all());
        all.addAll(others);
        boolean show = configuration.all().stream()
                .filter(entry -> entry.key().equals(SHOW_CONFIG))
                .reduce((before, last) -> last)
                .map(ConfigEntry::isOn)
                .orElse(false);
        return new GivenArguments(
                List.copyOf(all),
                arguments.origins(),
                List.copyOf(notices),
                show ? Optional.of(configuration.shown()) : Optional.empty(),
                Optional.of(options(configuration)));
    }

    private static void addVariables(ConfigurationReader reader, Map<String, String> environment) {
        TreeSet<String> names = new TreeSet<>();
        environment.keySet().stream().filter(GivenArguments::isOption).forEach(names::add);
        for (boolean files : new boolean[] {true, false}) {
            for (String name : names) {
                String key = name.substring(VARIABLE.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
                if (FILES.contains(key) == files) {
                    reader.add(key, environment.get(name), Origin.environment(name));
                }
            }
        }
    }

    private static Optional<Notice> noticeOfUnknown(ConfigEntry entry, List<String> similar) {
        if (!entry.origin().isFile() && !entry.origin().isCommandLine() && similar.isEmpty()) {
            return Optional.empty(); // programs and images have variables of their own that begin so
        }
        String perhaps = similar.isEmpty() ? "" : ", did you mean " + String.join(" or ", similar) + "?";
        return Optional.of(
                new Notice(entry.origin(), entry.key() + " is no option and nothing refers to it" + perhaps));
    }

    private static Map<String, Object> options(Configuration configuration) {
        Map<String, List<Object>> values = new LinkedHashMap<>();
        for (ConfigEntry entry : configuration.all()) {
            values.computeIfAbsent(entry.key(), key -> new ArrayList<>())
                    .add(entry.value() == null ? true : entry.text());
        }
        Map<String, Object> options = new LinkedHashMap<>();
        values.forEach((key, all) -> options.put(key, all.size() == 1 ? all.getFirst() : List.copyOf(all)));
        return options;
    }
}
