package dev.loomgate.cli.options;

import java.lang.reflect.Member;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;

/// The list of options in `--help`, with a heading for each group.
///
/// picocli's own groups won't do: an option that is given twice begins its group anew, and what the group's other
/// options had said is lost.
public final class OptionSections implements IHelpSectionRenderer {
    private record Section(String heading, Class<?> options) {}

    private static final List<Section> SECTIONS = List.of(
            new Section("What to run:", ApplicationOptions.class),
            new Section("Where to listen:", ListenOptions.class),
            new Section("Python applications:", PythonProgramOptions.class),
            new Section("Loading Python applications anew:", ReloadOptions.class),
            new Section("Loops and microthreads:", LoopOptions.class),
            new Section(
                    "Limits (BYTES: 65535, 64k, 10m, 1g; TIME: seconds as 30 or 0.5, or 200ms, 5m):",
                    LimitOptions.class),
            new Section("Responses that wait for slow clients:", SpoolOptions.class),
            new Section("Running:", RunOptions.class),
            new Section("From uWSGI:", UwsgiOptions.class));

    @Override
    public String render(Help help) {
        StringBuilder text = new StringBuilder();
        append(
                text,
                help,
                help.commandSpec().options().stream()
                        .filter(option -> SECTIONS.stream().noneMatch(section -> declares(section, option)))
                        .toList());
        for (Section section : SECTIONS) {
            text.append(System.lineSeparator()).append(section.heading()).append(System.lineSeparator());
            append(
                    text,
                    help,
                    help.commandSpec().options().stream()
                            .filter(option -> declares(section, option))
                            .toList());
        }
        return text.toString();
    }

    private static boolean declares(Section section, OptionSpec option) {
        return option.userObject() instanceof Member member && member.getDeclaringClass() == section.options();
    }

    private static void append(StringBuilder text, Help help, List<OptionSpec> options) {
        Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
        layout.addOptions(options, help.parameterLabelRenderer());
        text.append(layout);
    }
}
