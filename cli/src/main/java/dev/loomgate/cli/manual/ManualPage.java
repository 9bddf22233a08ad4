package dev.loomgate.cli.manual;

import dev.loomgate.cli.options.OptionSections;
import dev.loomgate.cli.options.OptionSections.Group;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The page loomgate(1), in the macros of man(7). It has no date, so that it depends on nothing but the program.
public final class ManualPage {
    private static final String TEXT = """
            .\\" Written from the table of options, dev.loomgate.cli.options: change it there.
            .TH LOOMGATE 1 "" "loomgate {version}" "Loomgate"
            .SH NAME
            loomgate \\- application server for Java and Python
            .SH SYNOPSIS
            .nf
            {synopsis}.fi
            .SH DESCRIPTION
            {description}.PP
            What is given on the command line may stand in a configuration file, which is uWSGI's: INI, YAML, JSON or XML.
            .SH COMMANDS
            .SS demo
            {demo}It takes the options of a server below, those about sockets, limits and logs.
            .SS ctl
            {ctl}{ctlOptions}.PP
            Verbs:
            {verbs}.SH OPTIONS
            {options}.SH SIGNALS
            {signals}.SH ENVIRONMENT
            .TP
            .B JAVA_HOME
            the JDK that it runs on, where it comes without one
            .TP
            .B LOOMGATE_JAVA_OPTS
            more flags for the JVM, after those of its own
            .TP
            .B UWSGI_NAME
            the option NAME, as on the command line
            .TP
            .BR NOTIFY_SOCKET ", " WATCHDOG_USEC ", " LISTEN_FDS
            what systemd gives to a service
            .SH "EXIT STATUS"
            .TP
            .B 0
            it was asked to stop
            .TP
            .B 1
            it can't start, or a configuration file is wrong
            .TP
            .B 2
            the command line is wrong
            .SH EXAMPLES
            .nf
            {examples}.fi
            .SH "SEE ALSO"
            .BR nginx (8),
            .BR systemd.service (5),
            .BR uwsgi (1)
            """;

    private ManualPage() {}

    /// The page's text, which ends with a line's end.
    ///
    /// @param commands the program, with the commands `demo` and `ctl`
    /// @param verbs of `ctl`, as they are typed, each with what it does
    public static String of(CommandLine commands, Map<String, String> verbs, String version) {
        CommandSpec program = commands.getCommandSpec();
        CommandSpec demo = Commands.named(commands, "demo").getCommandSpec();
        CommandSpec ctl = Commands.named(commands, "ctl").getCommandSpec();
        List<String> footer = List.of(program.usageMessage().footer());
        return TEXT.replace("{version}", text(version))
                .replace("{synopsis}", lines(Stream.of(program.usageMessage().customSynopsis())))
                .replace("{description}", lines(Stream.of(program.usageMessage().description())))
                .replace("{demo}", lines(Stream.of(demo.usageMessage().description())))
                .replace("{ctl}", lines(Stream.of(ctl.usageMessage().description())))
                .replace("{ctlOptions}", options(OptionSections.of(ctl)))
                .replace("{verbs}", verbs(verbs))
                .replace("{options}", options(OptionSections.of(program)))
                .replace(
                        "{signals}",
                        lines(footer.stream()
                                .filter(line -> line.startsWith("Signals: "))
                                .map(line -> line.substring("Signals: ".length()))))
                .replace("{examples}", lines(footer.stream().filter(line -> line.startsWith("  "))));
    }

    private static String options(List<Group> groups) {
        StringBuilder text = new StringBuilder();
        for (Group group : groups) {
            if (!group.title().isEmpty()) {
                text.append(".SS \"").append(text(group.title())).append("\"\n");
            }
            if (!group.note().isEmpty()) {
                text.append(lines(Stream.of(group.note())));
            }
            for (OptionSpec option : group.options()) {
                text.append(".TP\n")
                        .append(head(option))
                        .append('\n')
                        .append(lines(Stream.of(option.description()).map(line -> line.replace("%%", "%"))));
            }
        }
        return text.toString();
    }

    /// `\fB\-w\fR, \fB\-\-module\fR \fIMODULE\fR`.
    private static String head(OptionSpec option) {
        String names = Stream.of(option.names())
                .map(name -> "\\fB" + text(name) + "\\fR")
                .collect(Collectors.joining(", "));
        if (option.arity().max() == 0) {
            return names;
        }
        String label = "\\fI" + text(option.paramLabel()) + "\\fR";
        return names + (TypedValue.isOptional(option) ? "[=" + label + "]" : " " + label);
    }

    private static String verbs(Map<String, String> verbs) {
        return verbs.entrySet().stream()
                .map(verb -> ".TP\n.B " + text(verb.getKey()) + "\n" + text(verb.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static String lines(Stream<String> lines) {
        return lines.map(line -> text(line) + "\n").collect(Collectors.joining());
    }

    /// Text in which nothing is a request or an escape of roff's.
    private static String text(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
