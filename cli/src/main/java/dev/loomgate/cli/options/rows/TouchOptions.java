package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.SignalNumber;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.cli.reload.TouchCommand;
import dev.loomgate.cli.reload.TouchSignal;
import dev.loomgate.python.SignalSources;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What else is done when a file changes.
public final class TouchOptions {
    private static final String FORM_OF_SIGNAL = "FILE SIGNAL";
    private static final String FORM_OF_COMMAND = "FILE COMMAND";
    /// The file's name may have spaces, which it can't under uWSGI.
    private static final Pattern SIGNAL = Pattern.compile("(\\S.*?)\\s+(\\S+)\\s*");

    private static final Pattern COMMAND = Pattern.compile("(\\S+)\\s+(\\S.*)", Pattern.DOTALL);
    private static final String FS_SIGNAL_NAME = "--fs-signal";

    private static final ValueType<TouchSignal> FILE_AND_SIGNAL = ValueType.parsed(
            FORM_OF_SIGNAL, TouchSignal.class, TouchOptions::signal, touch -> touch.file() + " " + touch.signal());

    private static final Option<List<TouchSignal>> TOUCH_SIGNAL = Option.values(FILE_AND_SIGNAL, "--touch-signal")
            .inUwsgi(Option.SAME)
            .says("raise a signal of the uwsgi module when this file changes, as in reports/new 17");

    private static final Option<List<TouchSignal>> FS_SIGNAL = Option.values(FILE_AND_SIGNAL, FS_SIGNAL_NAME)
            .inUwsgi("also for a file that is replaced, or made later")
            .says("the same, at once, and of a directory also when something in it changes");

    private static final Option<List<TouchCommand>> TOUCH_EXEC = Option.values(
                    ValueType.parsed(
                            FORM_OF_COMMAND,
                            TouchCommand.class,
                            TouchOptions::command,
                            touch -> touch.file() + " " + touch.command()),
                    "--touch-exec")
            .inUwsgi(Option.SAME)
            .says("run a command in a shell when this file changes, as in new.conf ./check");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(TOUCH_EXEC, TOUCH_SIGNAL, FS_SIGNAL);

    private TouchOptions() {}

    private static TouchSignal signal(String text) {
        Matcher form = matched(SIGNAL, text, FORM_OF_SIGNAL, "reports/new 17");
        return new TouchSignal(Path.of(form.group(1)), SignalNumber.of(form.group(2)));
    }

    private static TouchCommand command(String text) {
        Matcher form = matched(COMMAND, text, FORM_OF_COMMAND, "new.conf ./check");
        return new TouchCommand(Path.of(form.group(1)), form.group(2));
    }

    private static Matcher matched(Pattern pattern, String text, String form, String example) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'%s' is not %s, as in %s".formatted(text, form, example));
        }
        return matcher;
    }

    /// Files whose change raises a signal.
    ///
    /// @param directory what they are relative to
    public static List<TouchSignal> signals(OptionValues values, Path directory) {
        return all(values, TOUCH_SIGNAL, touch -> new TouchSignal(directory.resolve(touch.file()), touch.signal()));
    }

    /// Files whose change runs a command.
    ///
    /// @param directory what they are relative to
    public static List<TouchCommand> commands(OptionValues values, Path directory) {
        return all(values, TOUCH_EXEC, touch -> new TouchCommand(directory.resolve(touch.file()), touch.command()));
    }

    /// Files and directories that the program's signals watch.
    ///
    /// @param directory what they are relative to
    static List<SignalSources.Watched> watched(OptionValues values, Path directory) {
        return all(
                values,
                FS_SIGNAL,
                touch -> new SignalSources.Watched(
                        touch.signal(), directory.resolve(touch.file()).toAbsolutePath(), FS_SIGNAL_NAME));
    }

    private static <T, R> List<R> all(OptionValues values, Option<List<T>> option, Function<T, R> made) {
        return values.of(option).stream().map(made).toList();
    }
}
