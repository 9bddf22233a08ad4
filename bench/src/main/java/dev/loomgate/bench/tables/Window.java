package dev.loomgate.bench.tables;

/// What a server did in a few seconds.
///
/// @param cpuMicros a request, of all the server's processes
/// @param requestsPerSecond answers as wanted
/// @param p99Millis how long all but a hundredth of the answers took at most
/// @param errors answers that weren't as wanted, and connections that failed
record Window(double cpuMicros, double requestsPerSecond, double p99Millis, long errors) {}
