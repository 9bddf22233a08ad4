package dev.loomgate.gateway.direct;

import dev.loomgate.gateway.Application;
import java.util.List;
import java.util.Optional;

/// An application whose processes can take the connections of a listening socket and answer them, without the server
/// in between. What isn't plain they hand over ([SharedSocket#handOver]), and it is served as if the server had
/// accepted it.
public interface DirectApplication extends Application {
    /// Why its processes can't do so, as logs say it; empty if they can. Any thread.
    Optional<String> whyNotDirect();

    /// Why they can't do so over HTTP; empty if they can. Where [#whyNotDirect] has a reason, this isn't asked.
    default Optional<String> whyNotDirectHttp() {
        return Optional.of("the protocol is not uwsgi");
    }

    /// Its processes take the connections of these sockets from now on, as soon as they serve. Called once, before the
    /// start hooks.
    ///
    /// @param limits that its processes keep: what is beyond them is handed over, and refused by the server
    void serveDirectly(List<SharedSocket> sockets, DirectLimits limits);

    /// Its processes take no further connections, and hand over what they still run: the server stops. Any thread.
    void stopDirect();

    /// Whether the server has room for connections that its processes would hand over. There is room at first. While
    /// there is none, they take no connections: these wait in the kernel's queue. Any thread.
    void serverHasRoom(boolean room);

    /// The requests that its processes have taken and have neither answered nor handed over. Any thread.
    int directRequests();

    /// The requests that its processes have begun by themselves so far, answered or handed over since or not. Any
    /// thread.
    long directAccepted();

    /// The connections of HTTP that its processes have now. Any thread.
    default int directConnections() {
        return 0;
    }

    /// What its processes have answered by themselves so far, each kind once, those that have died since among them.
    /// Empty unless [DirectLimits#durationBounds] ask for it. Any thread.
    default List<DirectSeries> directMeasured() {
        return List.of();
    }
}
