package dev.loomgate.openapi;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.headers.CacheControl;

/// Answers one path with the document.
///
/// @param content in JSON
record DocumentFile(String path, byte[] content) implements Middleware {
    @Override
    public Application wrap(Application inner) {
        return (environ, startResponse) -> isRead(environ) && environ.path().equals(path)
                ? answer(environ).call(environ, startResponse)
                : inner.call(environ, startResponse);
    }

    static boolean isRead(Environ environ) {
        return environ.method().equals("GET") || environ.method().equals("HEAD");
    }

    private Response answer(Environ environ) {
        return Response.bytes(content, "application/json")
                .cacheControl(CacheControl.NONE.with("no-cache"))
                .addEtag()
                .makeConditional(new Request(environ));
    }
}
