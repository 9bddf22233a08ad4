package dev.loomgate.cli.dashboard;

import dev.loomgate.cli.live.LiveServer;
import dev.loomgate.server.ServerSnapshot;
import java.util.ArrayList;
import java.util.List;

/// The loops, and where the server listens.
record LoopsPanel() implements Panel {
    /// @param requests that are over, as errors and nanoseconds are of these
    private record Loop(int number, int connections, int running, long requests, long errors, long nanos, long sent) {}

    /// @param queued connections that wait in the kernel; -1 where that can't be told
    private record Socket(String address, int queued, int most) {}

    private record Figures(List<Loop> loops, List<Socket> sockets) {}

    @Override
    public String name() {
        return "loops";
    }

    @Override
    public Object figures(LiveServer.Moment moment) {
        List<Loop> loops = new ArrayList<>();
        for (ServerSnapshot.Loop loop : moment.server().loops()) {
            loops.add(new Loop(
                    loops.size(),
                    loop.connections(),
                    loop.running().size(),
                    loop.requests(),
                    loop.errors(),
                    loop.runningNanos(),
                    loop.sentBytes()));
        }
        return new Figures(
                loops,
                moment.server().sockets().stream()
                        .map(socket -> new Socket(
                                socket.address().toString(), socket.queued().orElse(-1), socket.mostQueued()))
                        .toList());
    }
}
