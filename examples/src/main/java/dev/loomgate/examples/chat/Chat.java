package dev.loomgate.examples.chat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;

/// A page, and a WebSocket for each room that it talks with.
public final class Chat implements Application {
    private final WebApplication site = WebApplication.of(
            Rule.of("/<room>", ChatPage.class),
            Rule.of("/<room>/messages", RoomResource.class).asWebsocket());

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        return site.call(environ, startResponse);
    }
}
