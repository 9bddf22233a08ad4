package dev.loomgate.cli.options;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import dev.loomgate.cli.options.uwsgi.OptionClass;
import dev.loomgate.cli.options.uwsgi.UwsgiOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Writes the tables of `docs/from-uwsgi.md`: all options of uWSGI's by purpose, with what becomes of each.
final class FromUwsgiDocument {
    private static final int SMALLEST_FAMILY = 4;

    private record Said(OptionClass optionClass, String words) {
        String text() {
            String here = optionClass == OptionClass.SAME ? "the same" : optionClass.text();
            return words.isEmpty() ? here : here + ": " + words;
        }
    }

    private FromUwsgiDocument() {}

    static String markdown() {
        Map<String, List<UwsgiOption>> byPurpose = UwsgiOptionList.all().stream()
                .collect(groupingBy(UwsgiOption::purpose, LinkedHashMap::new, java.util.stream.Collectors.toList()));
        List<String> parts = new ArrayList<>();
        byPurpose.forEach((purpose, options) -> parts.add("### " + purpose + "\n\n" + table(options)));
        return String.join("\n\n", parts) + "\n";
    }

    private static String table(List<UwsgiOption> options) {
        Map<Said, List<String>> names = new LinkedHashMap<>();
        for (OptionClass optionClass : OptionClass.values()) {
            for (UwsgiOption option : options) {
                if (option.optionClass() == optionClass) {
                    names.computeIfAbsent(new Said(optionClass, option.words()), said -> new ArrayList<>())
                            .addAll(option.names());
                }
            }
        }
        return "| uWSGI's option | here |\n|---|---|\n"
                + names.entrySet().stream()
                        .map(row -> OptionsDocument.row(Stream.of(
                                shown(row.getValue()),
                                OptionsDocument.code(row.getKey().text()))))
                        .collect(joining("\n"));
    }

    /// The names, with a family in one where all options that begin so are there.
    private static String shown(List<String> names) {
        Set<String> shown = new TreeSet<>();
        for (String name : names) {
            String family = family(name);
            List<String> members = UwsgiOptionList.names().stream()
                    .filter(each -> each.startsWith(family))
                    .toList();
            boolean whole = family.endsWith("-") && members.size() >= SMALLEST_FAMILY && names.containsAll(members);
            shown.add("`" + (whole ? family + "...`" : name + "`"));
        }
        return String.join(", ", shown);
    }

    /// `--php-` of `--php-ini`.
    private static String family(String name) {
        int dash = name.indexOf('-', 2);
        return dash < 0 ? name : name.substring(0, dash + 1);
    }
}
