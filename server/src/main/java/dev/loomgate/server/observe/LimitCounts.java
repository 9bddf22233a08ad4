package dev.loomgate.server.observe;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How many times each limit has bitten: a request was refused by it, a connection ended, or others had to wait. Any
/// thread. That happens seldom beside requests, so it is counted always.
public final class LimitCounts {
    private final Map<String, LongAdder> bySetting = new ConcurrentHashMap<>();

    /// A limit has bitten.
    ///
    /// @param setting its name in the library
    public void bit(String setting) {
        bySetting.computeIfAbsent(setting, name -> new LongAdder()).increment();
    }

    /// By the settings' names, in their order.
    public Map<String, Long> now() {
        Map<String, Long> all = new TreeMap<>();
        bySetting.forEach((setting, count) -> all.put(setting, count.sum()));
        return all;
    }
}
