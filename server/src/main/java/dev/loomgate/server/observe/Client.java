package dev.loomgate.server.observe;

import org.jspecify.annotations.Nullable;

/// Which address a line shows of a client: that of the connection to the first proxy, or what X-Forwarded-For
/// says, all of it, where it is there. Anybody can send that field: only a proxy that writes it over makes it
/// true.
record Client(boolean forwardedFor) {
    @Nullable
    String address(LoggedRequest logged) {
        String forwarded = forwardedFor ? logged.variable("HTTP_X_FORWARDED_FOR") : null;
        return forwarded == null || forwarded.isEmpty() ? logged.variable("REMOTE_ADDR") : forwarded;
    }
}
