/// Threads as the JDK and Linux have them: virtual threads with a scheduler of one's own, pools of platform
/// threads, what `/proc` says of one.
///
/// Not exported. The only place that goes into the JDK's own classes. What a loop makes of threads is in `carriers`:
/// nothing here knows a loop, or that threads take turns.
package dev.loomgate.loop.threads;
