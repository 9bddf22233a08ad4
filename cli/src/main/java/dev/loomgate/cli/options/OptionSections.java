package dev.loomgate.cli.options;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.uwsgi.UwsgiOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
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

    /// Options that stand together.
    ///
    /// @param title may be empty: `What to run`
    /// @param note how values are written, or the page that has more; may be empty
    /// @param options at least one
    public record Group(String title, String note, List<OptionSpec> options) {}

    /// A command's options in the order of the help: those of no section first, without a title. What is of uWSGI alone
    /// is in none.
    public static List<Group> of(CommandSpec command) {
        List<Group> groups = new ArrayList<>();
        add(groups, "", "", options(command, row -> !(row instanceof Option<?> || row instanceof UwsgiOption)));
        for (Section section : Section.values()) {
            add(
                    groups,
                    section.title(),
                    section.note(),
                    options(command, row -> row != null && section.options().contains(row)));
        }
        return groups;
    }

    private static void add(List<Group> groups, String title, String note, List<OptionSpec> options) {
        if (!options.isEmpty()) {
            groups.add(new Group(title, note, options));
        }
    }

    private static List<OptionSpec> options(CommandSpec command, Predicate<@Nullable Object> ofRow) {
        return command.options().stream()
                .filter(option -> ofRow.test(option.userObject()))
                .toList();
    }

    @Override
    public String render(Help help) {
        StringBuilder text = new StringBuilder();
        for (Group group : of(help.commandSpec())) {
            if (!group.title().isEmpty()) {
                heading(text, group.title() + (group.note().isEmpty() ? "" : " (" + group.note() + ")") + ":");
            }
            append(text, help, group.options());
        }
        if (help.commandSpec().root() == help.commandSpec()) {
            heading(text, "From uWSGI:");
            text.append(OF_UWSGI).append(System.lineSeparator());
        }
        return text.toString();
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
