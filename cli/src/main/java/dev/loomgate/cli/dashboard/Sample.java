package dev.loomgate.cli.dashboard;

/// What the history keeps of a moment.
///
/// @param time in milliseconds since 1970
/// @param rate requests that have ended each second, on average since the sample before
/// @param mean milliseconds that these took, on average; 0 if there were none
/// @param busy requests that run
/// @param waiting requests that wait for a Python worker
/// @param connections that are open
/// @param memory resident bytes of the server and its workers
record Sample(long time, double rate, double mean, int busy, int waiting, int connections, long memory) {}
