package dev.loomgate.cli.options;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.uwsgi.UwsgiOptions;
import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;

/// The list of options in `--help`, with a heading for each section.
///
/// picocli's own groups won't do: an option that is given twice begins its group again, and what the group's other
/// options had said is lost.
public final class OptionSections implements IHelpSectionRenderer {
    @Override
    public String render(Help help) {
        StringBuilder text = new StringBuilder();
        append(text, help, options(help, row -> !(row instanceof Option<?> || row instanceof UwsgiOptions.Ignored)));
        for (Section section : Section.values()) {
            List<OptionSpec> options = options(help, section.options()::contains);
            if (!options.isEmpty()) {
                String note = section.note().isEmpty() ? "" : " (" + section.note() + ")";
                heading(text, section.title() + note + ":");
                append(text, help, options);
            }
        }
        List<OptionSpec> ignored = options(help, row -> row instanceof UwsgiOptions.Ignored);
        if (!ignored.isEmpty()) {
            heading(text, "From uWSGI:");
            append(text, help, List.of(together(ignored, false), together(ignored, true)));
        }
        return text.toString();
    }

    private static List<OptionSpec> options(Help help, Predicate<Object> ofRow) {
        return help.commandSpec().options().stream()
                .filter(option -> ofRow.test(option.userObject()))
                .toList();
    }

    // One entry for all, since there is one thing to say.
    private static OptionSpec together(List<OptionSpec> ignored, boolean withValue) {
        return OptionSpec.builder(ignored.stream()
                        .filter(option -> option.arity().max() > 0 == withValue)
                        .flatMap(option -> List.of(option.names()).stream())
                        .toArray(String[]::new))
                .arity(withValue ? "1" : "0")
                .paramLabel("VALUE")
                .description("accepted and ignored; docs/options.md says why")
                .build();
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
