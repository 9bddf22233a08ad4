package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.live.LiveServer;
import java.util.Comparator;
import java.util.List;

/// The limits that have bitten since the start, with the options that change them.
record LimitsPanel() implements Panel {
    /// @param count requests refused, connections ended, and how often accepting stopped
    private record Limit(String option, long count) {}

    @Override
    public String name() {
        return "limits";
    }

    @Override
    public Object figures(LiveServer.Moment moment) {
        List<Limit> limits = moment.server().limits().entrySet().stream()
                .map(each -> new Limit(each.getKey(), each.getValue()))
                .filter(limit -> limit.count() > 0)
                .sorted(Comparator.comparingLong(Limit::count).reversed())
                .toList();
        return limits;
    }
}
