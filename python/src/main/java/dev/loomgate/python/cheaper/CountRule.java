package dev.loomgate.python.cheaper;

import dev.loomgate.python.CheaperOptions;
import java.util.function.Consumer;

/// Decides how many workers there are. Asked once a second; it may remember what it has seen. Used by one thread.
public interface CountRule {
    /// What is to be done now.
    ///
    /// @param mayGrow whether more may be started
    /// @return how many are to be started; or -1, if one is to end; or 0
    int change(Figures figures, boolean mayGrow);

    /// The rule that the options ask for, within their limits of memory.
    ///
    /// @param log gets what a rule says of its reasons
    static CountRule of(CheaperOptions options, Consumer<String> log) {
        CountRule rule =
                switch (options.algorithm()) {
                    case SPARE -> new SpareRule(options.least(), options.step(), options.overload());
                    case SPARE2 -> new Spare2Rule(options.least(), options.step(), options.idleCycles());
                    case BACKLOG -> new BacklogRule(options.least(), options.step(), options.overload());
                    case BUSYNESS -> new BusynessRule(options, log);
                    case MANUAL -> (figures, mayGrow) -> 0;
                };
        return new MemoryBound(rule, options.rssSoftBytes(), options.rssHardBytes(), log);
    }
}
