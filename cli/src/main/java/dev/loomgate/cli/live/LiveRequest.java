package dev.loomgate.cli.live;

import java.time.Duration;

/// A request in flight. Its texts come from outside as they are: who shows them escapes them.
///
/// @param id handle for [LiveServer#stack] and [LiveServer#cancel]: `17`, or `w2-k3f9` for one that a
/// worker has taken itself
/// @param requestId what `X-Request-ID` says, or what was made for it; empty where it has none
/// @param age since the server, or the worker, has begun it
/// @param target path and query
/// @param client its address; empty where there is none
/// @param application the Python program's name, or `java`
/// @param place `loop 0`, or `worker 2 (pid 4711)`
/// @param state what it waits for, in a word or two
public record LiveRequest(
        String id,
        String requestId,
        Duration age,
        String method,
        String target,
        String client,
        String application,
        String place,
        String state) {}
