package dev.loomgate.python.background;

import dev.loomgate.python.supervision.Mercy;
import java.time.Duration;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/// How the processes of a [BackgroundRole] are kept.
///
/// @param name what one is called in logs: `spooler`
/// @param mercy how long one may take to end that has been told to stop
/// @param taskLimit how long it may be at one task before it is killed; zero for no limit
/// @param taskLimitName what messages call that limit
/// @param enough why one is replaced that has said that it has done enough
/// @param isFreeBetweenTasks whether one without a task runs handlers of signals; else it says itself when it waits for
/// signals, and runs none otherwise
/// @param ended told of one that has ended by itself, with its exit status: whether another one takes its place
/// @param groups the groups that one belongs to, by its number, as targets of signals name them
public record BackgroundSettings(
        String name,
        Mercy mercy,
        Duration taskLimit,
        String taskLimitName,
        String enough,
        boolean isFreeBetweenTasks,
        IntPredicate ended,
        IntFunction<Set<String>> groups) {}
