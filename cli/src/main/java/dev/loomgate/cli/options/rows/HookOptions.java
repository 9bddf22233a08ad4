package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.cli.process.Hook;
import dev.loomgate.cli.process.HookAction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What is done at points of the server's start, and at its end.
public final class HookOptions {
    private record Pair(Hook.Point point, Option<List<String>> hook, Option<List<String>> exec) {}

    private static final List<Pair> PAIRS = List.of(
            pair(Hook.Point.ASAP, "asap", "at the very start"),
            pair(Hook.Point.PRE_JAIL, "pre-jail", "after that"),
            pair(Hook.Point.POST_JAIL, "post-jail", "after that"),
            pair(Hook.Point.AS_ROOT, "as-root", "before root becomes the user (--uid); only if root starts the server"),
            pair(Hook.Point.AS_USER, "as-user", "when root has become the user; only if root starts the server"),
            pair(Hook.Point.PRE_APP, "pre-app", "before applications are loaded at the start, in --chdir"),
            pair(Hook.Point.POST_APP, "post-app", "when they are loaded at the start, in --chdir"),
            pair(Hook.Point.AT_EXIT, "as-user-atexit", "when the server has ended"));

    private static final Option<List<String>> MASTER_START = hook("master-start", "when the server listens");

    /// In the order of the help.
    public static final List<Option<?>> ALL = all();

    private HookOptions() {}

    private static Pair pair(Hook.Point point, String name, String when) {
        return new Pair(
                point,
                hook(name, when),
                Option.values(ValueType.TEXT, "--exec-" + name)
                        .label("COMMAND")
                        .inUwsgi("same, at the start only, not at reloads")
                        .says("run this in a shell " + when
                                + (point == Hook.Point.AT_EXIT ? "" : "; if it fails, the server ends")));
    }

    private static Option<List<String>> hook(String name, String when) {
        return Option.values(ValueType.TEXT, "--hook-" + name)
                .label("ACTION")
                .inUwsgi("actions exec, safeexec, write, writen, append, appendn, create, mkdir, unlink, print")
                .says("do this, as in exec:COMMAND, " + when);
    }

    private static List<Option<?>> all() {
        List<Option<?>> all = new ArrayList<>();
        PAIRS.forEach(pair -> all.addAll(List.of(pair.hook(), pair.exec())));
        all.add(MASTER_START);
        return List.copyOf(all);
    }

    /// What was asked for, in the order in which it is done at each point.
    ///
    /// @throws IllegalArgumentException if there is no such action
    static List<Hook> hooks(OptionValues values) {
        List<Hook> hooks = new ArrayList<>();
        for (Pair pair : PAIRS) {
            hooks(values, pair.hook(), pair.point()).forEach(hooks::add);
            for (String command : values.of(pair.exec())) {
                hooks.add(new Hook(pair.exec().longName(), pair.point(), new HookAction.Exec(command, true)));
            }
        }
        hooks(values, MASTER_START, Hook.Point.MASTER_START).forEach(hooks::add);
        return hooks;
    }

    private static Stream<Hook> hooks(OptionValues values, Option<List<String>> option, Hook.Point point) {
        return values.of(option).stream().map(text -> {
            try {
                return new Hook(option.longName(), point, HookAction.of(text));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(option.longName() + ": " + e.getMessage(), e);
            }
        });
    }
}
