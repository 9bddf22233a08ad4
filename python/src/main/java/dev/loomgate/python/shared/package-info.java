/// What the workers of a program share through the JVM: caches, a queue, metrics and locks, as `uwsgi.cache_*`,
/// `queue_*`, `metric_*` and `lock` have them, and the channels and groups of `loomgate_channels`.
/// Knows no process and no frame. Not exported.
package dev.loomgate.python.shared;
