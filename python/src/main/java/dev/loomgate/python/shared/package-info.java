/// What the workers of a program share through the JVM: a cache and locks, as `uwsgi.cache_*` and `uwsgi.lock`
/// have them. Knows no process and no frame. Not exported.
package dev.loomgate.python.shared;
