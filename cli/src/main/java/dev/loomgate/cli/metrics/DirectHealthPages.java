package dev.loomgate.cli.metrics;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.direct.DirectApplication;
import dev.loomgate.gateway.direct.DirectLimits;
import dev.loomgate.gateway.direct.DirectSeries;
import dev.loomgate.gateway.direct.SharedSocket;
import java.util.List;
import java.util.Optional;

/// Health pages before an application whose processes take connections themselves: these go on doing so, and hand over
/// requests for the pages.
///
/// @param inner whose processes they are
/// @param outer the same with the pages before it
record DirectHealthPages(DirectApplication inner, Application outer) implements DirectApplication, Lifecycle {
    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        return outer.call(environ, startResponse);
    }

    @Override
    public void start() throws Exception {
        if (inner instanceof Lifecycle hooks) {
            hooks.start();
        }
    }

    @Override
    public void stop() throws Exception {
        if (inner instanceof Lifecycle hooks) {
            hooks.stop();
        }
    }

    @Override
    public void serveDirectly(List<SharedSocket> sockets, DirectLimits limits) {
        inner.serveDirectly(sockets, limits.keeping(List.of(HealthPages.LIVE, HealthPages.READY)));
    }

    @Override
    public Optional<String> whyNotDirect() {
        return inner.whyNotDirect();
    }

    @Override
    public Optional<String> whyNotDirectHttp() {
        return inner.whyNotDirectHttp();
    }

    @Override
    public void stopDirect() {
        inner.stopDirect();
    }

    @Override
    public void serverHasRoom(boolean room) {
        inner.serverHasRoom(room);
    }

    @Override
    public int directConnections() {
        return inner.directConnections();
    }

    @Override
    public int directRequests() {
        return inner.directRequests();
    }

    @Override
    public long directAccepted() {
        return inner.directAccepted();
    }

    @Override
    public List<DirectSeries> directMeasured() {
        return inner.directMeasured();
    }
}
