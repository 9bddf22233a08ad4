package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.MuleOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// Processes beside the workers of the first Python application.
public final class MuleProcessOptions {
    private static final MuleOptions DEFAULTS = MuleOptions.defaults();
    private static final String SWITCH = "true";

    /// What somebody writes who takes `--mule` for a switch. To uWSGI, it is the name of nothing that could be run.
    private static final Set<String> SWITCHES = Set.of("", SWITCH, "yes", "on", "1");

    private static final String FORM_OF_FARM = "NAME:NUMBER,...";

    static final Option<List<String>> MULE = Option.values(ValueType.TEXT, "--mule")
            .label("FILE.py or MODULE:FUNCTION")
            .leftOut(SWITCH)
            .inUwsgi(Option.SAME)
            .says("a process that runs this, or only handles messages (uwsgi.mule_msg)");

    static final Option<List<Integer>> MULES = Option.values(ValueType.NUMBER, "--mules")
            .setting("mules")
            .inUwsgi("their numbers follow those of --mule")
            .says("so many processes that only handle messages, or what decorators such as @mule say");

    static final Option<List<String>> FARM = Option.values(ValueType.TEXT, "--farm")
            .label(FORM_OF_FARM)
            .setting("farms")
            .inUwsgi(Option.SAME)
            .says("a name for some mules, which share messages to it (uwsgi.farm_msg)");

    static final Option<Duration> MULE_HARAKIRI = mule(
                    Option.value(ValueType.TIME, "--mule-harakiri"),
                    "muleMessageLimit",
                    MuleOptions::messageLimit,
                    MuleOptions.Builder::messageLimit)
            .inUwsgi("for messages to uwsgi.mule_msg_hook as well")
            .says("a mule that is busy with one message for longer is killed, and replaced; 0 for never");

    static final Option<Integer> MULE_MSG_SIZE = mule(
                    Option.value(ValueType.SIZE, "--mule-msg-size"),
                    "muleMessageSize",
                    MuleOptions::messageSize,
                    MuleOptions.Builder::messageSize)
            .leftOut("0")
            .range(Range.between(0, 64 << 20))
            .standardText("0, the kernel's")
            .inUwsgi(Option.SAME)
            .says(
                    "room for messages that a mule, or a farm, hasn't taken yet; the kernel takes it for twice as much, and has"
                            + " a limit of its own (net.core.wmem_max)");

    static final Option<Integer> MULE_MSG_RECV_SIZE = mule(
                    Option.value(ValueType.SIZE, "--mule-msg-recv-size"),
                    "muleReceiveSize",
                    MuleOptions::receiveSize,
                    MuleOptions.Builder::receiveSize)
            .range(Range.between(1, 64 << 20))
            .inUwsgi(Option.SAME)
            .says("as much of a message goes to uwsgi.mule_msg_hook, and the rest is lost");

    static final Option<Duration> MULE_RELOAD_MERCY = mule(
                    Option.value(ValueType.TIME, "--mule-reload-mercy"),
                    "muleReloadMercy",
                    MuleOptions::reloadMercy,
                    MuleOptions.Builder::reloadMercy)
            .inUwsgi(Option.SAME)
            .says("time for a mule to end, at a reload or with the server; then it is killed");

    /// Files whose change replaces the mules.
    public static final Option<List<Path>> TOUCH_MULES_RELOAD = Option.values(ValueType.PATH, "--touch-mules-reload")
            .label("FILE")
            .inUwsgi(Option.SAME)
            .says("replace the mules when this file changes; the program is imported again only with --lazy-apps");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            MULE, MULES, FARM, MULE_HARAKIRI, MULE_MSG_SIZE, MULE_MSG_RECV_SIZE, MULE_RELOAD_MERCY, TOUCH_MULES_RELOAD);

    private MuleProcessOptions() {}

    private static <T> Option.Builder<T> mule(
            Option.Builder<T> option,
            String setting,
            Function<MuleOptions, T> component,
            BiConsumer<MuleOptions.Builder, T> setter) {
        return option.sets(DEFAULTS, MuleOptions.Builder.class, setting, component, setter);
    }

    /// What these options say.
    ///
    /// @throws IllegalArgumentException if one is wrong
    static MuleOptions mules(OptionValues values) {
        MuleOptions.Builder builder = MuleOptions.builder();
        values.applyTo(builder);
        List<String> programs = new ArrayList<>();
        values.of(MULE).forEach(program -> programs.add(SWITCHES.contains(program) ? "" : program));
        for (int more : values.of(MULES)) {
            if (more < 0 || more > 1024) {
                throw new IllegalArgumentException("--mules is %d, it must be in 0 to 1024".formatted(more));
            }
            programs.addAll(Collections.nCopies(more, ""));
        }
        return builder.programs(programs)
                .farms(values.of(FARM).stream().map(MuleProcessOptions::farm).toList())
                .build();
    }

    private static MuleOptions.Farm farm(String text) {
        int colon = text.indexOf(':');
        String numbers = text.substring(colon + 1);
        if (colon < 1 || !numbers.matches("[0-9]{1,4}(,[0-9]{1,4})*")) {
            throw new IllegalArgumentException("--farm: '%s' is not %s, as in pair:1,2".formatted(text, FORM_OF_FARM));
        }
        return new MuleOptions.Farm(
                text.substring(0, colon),
                Stream.of(numbers.split(",", -1)).map(Integer::valueOf).toList());
    }
}
