package dev.loomgate.cli.config;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// uWSGI's options that act when they are added, so that nothing is replaced in their values.
final class ImmediateOptions {
    static final Set<String> INI = Set.of("ini");
    /// The file is Paste Deploy's as well: they stay options, which name the application.
    static final Set<String> INI_PASTE = Set.of("ini-paste", "ini-paste-logged");
    static final Set<String> YAML = Set.of("yaml", "yml");
    static final Set<String> JSON = Set.of("json", "js");
    static final Set<String> XML = Set.of("xml", "xmlconfig");
    static final Set<String> BY_NAME = Set.of("include", "config");
    static final Set<String> PLUGINS = Set.of("plugin", "plugins", "need-plugin", "need-plugins");

    private static final Set<String> OTHERS = Set.of(("fallback-config strict set set-placeholder set-ph declare-option"
                    + " resolve blacklist end-blacklist whitelist end-whitelist inject-before inject-after stop reload"
                    + " pause suspend resume connect-and-read extract listen umask help usage print-sym print-symbol"
                    + " spooler-processes signal flock flock-wait flock2 flock-wait2 immediate-uid immediate-gid"
                    + " command-mode pcre-jit early-envdir plugins-dir plugin-dir autoload dlopen binary-append-data"
                    + " iprint exit cflags dot-h config-py build-plugin ldap ldap-schema ldap-schema-ldif"
                    + " perl-version pypy-ini-paste python-version sqlite3 sqlite")
            .split(" "));

    private static final Set<String> ALL = Stream.of(
                    INI,
                    INI_PASTE,
                    YAML,
                    JSON,
                    XML,
                    BY_NAME,
                    PLUGINS,
                    Logic.LOOPS,
                    Logic.CONDITIONS,
                    Logic.ENDS,
                    OTHERS)
            .flatMap(Set::stream)
            .filter(name -> !name.equals("end")) // ends a block, and is no option
            .collect(Collectors.toUnmodifiableSet());

    /// Those that have done all that they do when the configuration has been read.
    static final Set<String> CONSUMED = Stream.concat(
                    Stream.of(INI, YAML, JSON, XML, BY_NAME, Logic.LOOPS, Logic.CONDITIONS, Logic.ENDS)
                            .flatMap(Set::stream),
                    Stream.of(
                            "strict",
                            "inject-before",
                            "inject-after",
                            "set",
                            "set-placeholder",
                            "set-ph",
                            "declare-option",
                            "declare-option2",
                            "resolve",
                            "inherit",
                            "blacklist",
                            "end-blacklist",
                            "whitelist",
                            "end-whitelist",
                            "show-config",
                            "allow-exec"))
            .collect(Collectors.toUnmodifiableSet());

    private ImmediateOptions() {}

    static boolean has(String key) {
        return ALL.contains(key);
    }
}
