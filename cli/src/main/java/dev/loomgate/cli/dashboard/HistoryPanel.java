package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.live.LiveServer;
import java.util.Optional;

/// The last hour as charts. A tick has the newest sample; the page asks for all when it begins.
record HistoryPanel(History history) implements Panel {
    @Override
    public String name() {
        return "history";
    }

    @Override
    public Object figures(LiveServer.Moment moment) {
        return history.newest();
    }

    @Override
    public Optional<?> detail(String subject) {
        return subject.equals("all") ? Optional.of(history.all()) : Optional.empty();
    }
}
