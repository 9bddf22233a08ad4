package dev.loomgate.cli.options;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.uwsgi.UwsgiOption;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;

/// The list of options in `--help`, with a heading for each section.
///
/// picocli's own groups won't do: an option that is given twice begins its group again, and what the group's other
/// options had said is lost.
public final class OptionSections implements IHelpSectionRenderer {
    private static final String OF_UWSGI =
            "  Options such as --master and --vacuum are accepted and do nothing, since what"
                    + " they ask for is always so." + System.lineSeparator()
                    + "  docs/from-uwsgi.md has all of its options.";

    @Override
    public String render(Help help) {
        StringBuilder text = new StringBuilder();
        append(text, help, options(help, row -> !(row instanceof Option<?> || row instanceof UwsgiOption)));
        for (Section section : Section.values()) {
            List<OptionSpec> options =
                    options(help, row -> row != null && section.options().contains(row));
            if (!options.isEmpty()) {
                String note = section.note().isEmpty() ? "" : " (" + section.note() + ")";
                heading(text, section.title() + note + ":");
                append(text, help, options);
            }
        }
        if (help.commandSpec().root() == help.commandSpec()) {
            heading(text, "From uWSGI:");
            text.append(OF_UWSGI).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static List<OptionSpec> options(Help help, Predicate<@Nullable Object> ofRow) {
        return help.commandSpec().options().stream()
                .filter(option -> ofRow.test(option.userObject()))
                .toList();
    }

    private static void heading(StringBuilder text, String heading) {
        text.append(System.lineSeparator()).append(heading).append(System.lineSeparator());
    }

    private static void append(StringBuilder text, Help help, List<OptionSpec> options) {
        Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
        layout.addOptions(options, help.parameterLabelRenderer());
        text.append(layout);
    }
}
