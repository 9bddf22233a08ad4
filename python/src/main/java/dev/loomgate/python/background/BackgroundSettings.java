package dev.loomgate.python.background;

import dev.loomgate.python.supervision.Mercy;
import java.time.Duration;

/// How the processes of a [BackgroundRole] are kept.
///
/// @param name what one is called in logs: `spooler`
/// @param mercy how long one may take to end that has been told to stop
/// @param taskLimit how long it may be at one task before it is killed; zero for no limit
/// @param taskLimitName what messages call that limit
/// @param enough why one is replaced that has said that it has done enough
public record BackgroundSettings(String name, Mercy mercy, Duration taskLimit, String taskLimitName, String enough) {}
