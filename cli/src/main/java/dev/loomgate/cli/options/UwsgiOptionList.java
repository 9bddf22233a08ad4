package dev.loomgate.cli.options;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.uwsgi.OptionClass;
import dev.loomgate.cli.options.uwsgi.OtherOptions;
import dev.loomgate.cli.options.uwsgi.UwsgiOption;
import dev.loomgate.cli.options.uwsgi.UwsgiOption.Takes;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/// Every option of uWSGI's with its class. What is offered is said by its row in `rows`, the others by [OtherOptions].
public final class UwsgiOptionList {
    private UwsgiOptionList() {}

    // Made at the first question: not every start has one.
    private static final class Found {
        static final List<UwsgiOption> ALL =
                Stream.concat(offered(), OtherOptions.all().stream()).toList();
        static final Map<String, UwsgiOption> BY_NAME = byName(ALL);
    }

    /// Those that are offered in the order of the help, then the others.
    public static List<UwsgiOption> all() {
        return Found.ALL;
    }

    /// An option by one of its names, with dashes before it or without: `master`, `--master`, `-M`.
    public static Optional<UwsgiOption> find(String name) {
        String typed = name.startsWith("-") ? name : "--" + name;
        UwsgiOption found = Found.BY_NAME.get(typed);
        return Optional.ofNullable(found != null ? found : Found.BY_NAME.get(typed.replace('_', '-')));
    }

    /// All names, with their dashes.
    public static Set<String> names() {
        return Collections.unmodifiableSet(Found.BY_NAME.keySet());
    }

    /// Has a command accept all options that do nothing.
    public static void addNeedlessTo(CommandSpec command) {
        OtherOptions.all().stream()
                .filter(option -> option.optionClass() == OptionClass.NEEDLESS)
                .forEach(option -> command.addOption(option.spec()));
    }

    /// Has a command accept the options that do nothing and that its command line names. They aren't there from the
    /// beginning, since there are many and most starts name few.
    ///
    /// @return whether there is one that wasn't there yet
    public static boolean addNeedlessTo(CommandSpec command, String... args) {
        boolean added = false;
        for (UwsgiOption option : OtherOptions.all()) {
            if (option.optionClass() == OptionClass.NEEDLESS
                    && isNamed(option, args)
                    && command.findOption(option.names().getFirst()) == null) {
                command.addOption(option.spec());
                added = true;
            }
        }
        return added;
    }

    private static boolean isNamed(UwsgiOption option, String... args) {
        for (String arg : args) {
            for (String name : option.names()) {
                boolean isLong = name.startsWith("--");
                if (isLong ? arg.startsWith(name) && isWhole(name, arg) : isAmongLetters(name, arg)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isWhole(String name, String arg) {
        return arg.length() == name.length() || arg.charAt(name.length()) == '=';
    }

    // `-M` of `-MTp4`.
    private static boolean isAmongLetters(String name, String arg) {
        return arg.startsWith("-") && !arg.startsWith("--") && arg.indexOf(name.charAt(1)) > 0;
    }

    private static Stream<UwsgiOption> offered() {
        return Stream.of(Section.values()).flatMap(section -> section.options().stream()
                .filter(option -> !option.inUwsgi().isEmpty())
                .map(option -> offered(option, section.title())));
    }

    private static UwsgiOption offered(Option<?> option, String purpose) {
        Takes takes =
                switch (option.takes()) {
                    case NOTHING -> Takes.NOTHING;
                    case PERHAPS_A_VALUE, PERHAPS_VALUES -> Takes.OPTIONAL;
                    case A_VALUE, VALUES -> Takes.VALUE;
                };
        boolean same = option.inUwsgi().equals(Option.SAME);
        return new UwsgiOption(
                option.names(),
                takes,
                same ? OptionClass.SAME : OptionClass.DIFFERS,
                same ? "" : option.inUwsgi(),
                purpose);
    }

    private static Map<String, UwsgiOption> byName(List<UwsgiOption> options) {
        Map<String, UwsgiOption> byName = new HashMap<>();
        for (UwsgiOption option : options) {
            option.names().forEach(name -> byName.putIfAbsent(name, option));
        }
        return byName;
    }
}
