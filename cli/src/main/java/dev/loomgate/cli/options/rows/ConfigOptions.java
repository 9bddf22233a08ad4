package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.ValueType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Configuration files, and what is said in them of themselves. They are read before picocli sees the command line
/// (`dev.loomgate.cli.arguments`): the rows are here for the help, and so that their names are known.
public final class ConfigOptions {
    private static final String FILE = "FILE[:SECTION]";

    static final Option<List<String>> INI = Option.values(ValueType.TEXT, "--ini")
            .label(FILE)
            .inUwsgi(Option.SAME)
            .says("an ini file with options, read where it stands; of several values of an option the last one counts");

    static final Option<List<String>> INI_PASTE = Option.values(ValueType.TEXT, "--ini-paste")
            .label("FILE")
            .inUwsgi(Option.SAME)
            .says("an ini file that is Paste Deploy's as well: --ini FILE --paste config:FILE");

    static final Option<List<String>> INI_PASTE_LOGGED = Option.values(ValueType.TEXT, "--ini-paste-logged")
            .label("FILE")
            .inUwsgi(Option.SAME)
            .says("the same, with --paste-logger");

    static final Option<List<String>> YAML = Option.values(ValueType.TEXT, "-y", "--yaml", "--yml")
            .label(FILE)
            .inUwsgi(Option.SAME)
            .says("a YAML file");

    static final Option<List<String>> JSON = Option.values(ValueType.TEXT, "-j", "--json", "--js")
            .label(FILE)
            .inUwsgi(Option.SAME)
            .says("a JSON file");

    static final Option<List<String>> XML = Option.values(ValueType.TEXT, "-x", "--xml", "--xmlconfig")
            .label("FILE[:ID]")
            .inUwsgi(Option.SAME)
            .says("an XML file");

    static final Option<List<String>> INCLUDE = Option.values(ValueType.TEXT, "--include", "--config")
            .label("FILE")
            .inUwsgi("same; --config is for plugins' forms there")
            .says("a file whose form its name tells; so does a word that ends in .ini, .yaml, .json or .xml");

    static final Option<List<String>> INHERIT = Option.values(ValueType.TEXT, "--inherit")
            .label("FILE")
            .inUwsgi(Option.SAME)
            .says("the same, read at the end, so that nothing but magic variables is replaced in it");

    static final Option<List<String>> INJECT = Option.values(ValueType.TEXT, "--inject-before", "--inject-after")
            .label("FILE")
            .inUwsgi(Option.SAME)
            .says("a file whose text stands before, or after, that of each file that is read from here on");

    static final Option<List<String>> SET = Option.values(ValueType.TEXT, "-S", "--set")
            .label("NAME=VALUE")
            .inUwsgi(Option.SAME)
            .says("sets an option or a variable, as a line of a file does");

    static final Option<List<String>> SET_PLACEHOLDER = Option.values(ValueType.TEXT, "--set-placeholder", "--set-ph")
            .label("NAME=VALUE")
            .inUwsgi(Option.SAME)
            .says("sets a variable, for %(NAME) in files");

    static final Option<List<String>> DECLARE = Option.values(ValueType.TEXT, "--declare-option", "--declare-option2")
            .label("NAME=TEMPLATE")
            .inUwsgi(Option.SAME)
            .says("declares an option that stands for others: site=socket=$1;module=$2");

    static final Option<List<String>> RESOLVE = Option.values(ValueType.TEXT, "--resolve")
            .label("NAME=HOST")
            .inUwsgi(Option.SAME)
            .says("sets a variable to a host's address");

    static final Option<List<String>> LOOP = Option.values(
                    ValueType.TEXT, "--for", "--for-glob", "--for-times", "--for-readline")
            .label("WHAT")
            .inUwsgi(Option.SAME)
            .says("repeats each line up to --end-for, with %(_) for one of WHAT");

    static final Option<List<String>> CONDITION = Option.values(
                    ValueType.TEXT,
                    "--if-env",
                    "--if-not-env",
                    "--ifenv",
                    "--if-opt",
                    "--if-not-opt",
                    "--if-exists",
                    "--if-not-exists",
                    "--ifexists",
                    "--if-file",
                    "--if-not-file",
                    "--if-dir",
                    "--if-not-dir",
                    "--ifdir",
                    "--if-directory",
                    "--if-hostname",
                    "--if-not-hostname",
                    "--if-hostname-match",
                    "--if-not-hostname-match",
                    "--if-plugin",
                    "--if-not-plugin",
                    "--ifplugin")
            .label("WHAT")
            .inUwsgi(Option.SAME)
            .says("what follows up to --end-if counts only if WHAT is so");

    static final Option<Boolean> RELOAD_CONDITION = Option.flag("--if-reload", "--if-not-reload")
            .inUwsgi(Option.SAME)
            .says("what follows up to --end-if counts only in a process that was, or wasn't, started by a reload");

    static final Option<String> END = Option.value(ValueType.TEXT, "--end-for", "--endfor", "--end-if", "--endif")
            .label("ANYTHING")
            .leftOut("")
            .inUwsgi(Option.SAME)
            .says("the end of such a block");

    static final Option<List<String>> LISTS = Option.values(ValueType.TEXT, "--blacklist", "--whitelist")
            .label("NAMES")
            .inUwsgi(Option.SAME)
            .says("options that may not, or alone may, be given up to the end of such a list");

    static final Option<Boolean> END_OF_LIST = Option.flag("--end-blacklist", "--end-whitelist")
            .inUwsgi(Option.SAME)
            .says("the end of such a list");

    static final Option<Boolean> STRICT = Option.flag("--strict")
            .inUwsgi(Option.SAME)
            .says("a key that is no option, and not set by --set-placeholder, ends the start");

    static final Option<Boolean> SHOW_CONFIG = Option.flag("--show-config")
            .inUwsgi(Option.SAME)
            .says("prints all that was given, from everywhere, as an ini file on standard error");

    static final Option<Boolean> ALLOW_EXEC =
            Option.flag("--allow-exec").says("files may run programs (exec://COMMAND); on the command line alone");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            INI,
            INI_PASTE,
            INI_PASTE_LOGGED,
            YAML,
            JSON,
            XML,
            INCLUDE,
            INHERIT,
            INJECT,
            SET,
            SET_PLACEHOLDER,
            DECLARE,
            RESOLVE,
            LOOP,
            CONDITION,
            RELOAD_CONDITION,
            END,
            LISTS,
            END_OF_LIST,
            STRICT,
            SHOW_CONFIG,
            ALLOW_EXEC);

    private static final Set<String> NAMES =
            ALL.stream().flatMap(option -> option.names().stream()).collect(Collectors.toUnmodifiableSet());

    private ConfigOptions() {}

    /// What `--paste` would say.
    static Optional<String> paste(OptionValues values) {
        return Stream.of(INI_PASTE, INI_PASTE_LOGGED)
                .flatMap(option -> values.of(option).stream())
                .reduce((before, last) -> last)
                .map(file -> "config:" + StartDirectory.path().resolve(file));
    }

    /// Whether one of them asks for the loggers.
    static boolean pasteLoggers(OptionValues values) {
        return !values.of(INI_PASTE_LOGGED).isEmpty();
    }

    /// Whether a word of the command line is one of these options, alone or with a value: `--ini=site.ini`, `-Sx=1`.
    public static boolean has(String word) {
        int equals = word.indexOf('=');
        String name = word.startsWith("--")
                ? word.substring(0, equals < 0 ? word.length() : equals)
                : word.substring(0, Math.min(2, word.length()));
        return NAMES.contains(name);
    }
}
