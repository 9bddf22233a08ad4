package dev.loomgate.python.cheaper;

import java.util.function.Consumer;

/// Another rule, as long as all workers together have less memory than its limits: over the soft one no more are
/// started, over the hard one they are ended one by one, down to a single one.
final class MemoryBound implements CountRule {
    private final CountRule rule;
    private final long softBytes;
    private final long hardBytes;
    private final Consumer<String> log;

    /// @param softBytes 0 for no limits
    /// @param hardBytes 0 for no such limit
    MemoryBound(CountRule rule, long softBytes, long hardBytes, Consumer<String> log) {
        this.rule = rule;
        this.softBytes = softBytes;
        this.hardBytes = hardBytes;
        this.log = log;
    }

    @Override
    public int change(Figures figures, boolean mayGrow) {
        long bytes = figures.residentBytes();
        if (softBytes > 0 && hardBytes > 0 && bytes >= hardBytes && figures.active() > 1) {
            log.accept("%d workers have %d MiB of resident memory, over the hard limit: one of them ends"
                    .formatted(figures.active(), bytes >> 20));
            return -1;
        }
        return rule.change(figures, mayGrow && (softBytes == 0 || bytes < softBytes));
    }
}
