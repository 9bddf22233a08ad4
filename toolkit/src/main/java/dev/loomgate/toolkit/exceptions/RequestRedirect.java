package dev.loomgate.toolkit.exceptions;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.syntax.HtmlPages;
import dev.loomgate.toolkit.syntax.Iri;
import java.nio.charset.StandardCharsets;

/// 308: routing knows a better URL for this one, such as one with a slash at its end. Method and body are kept.
public final class RequestRedirect extends HttpException {
    private static final long serialVersionUID = 1;

    private final String newUrl;

    /// @param newUrl the absolute URL
    public RequestRedirect(String newUrl) {
        super(308, newUrl);
        this.newUrl = newUrl;
    }

    /// The absolute URL to go to.
    public String newUrl() {
        return newUrl;
    }

    @Override
    public String page() {
        return HtmlPages.redirectPage(newUrl);
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) {
        byte[] page = page().getBytes(StandardCharsets.UTF_8);
        Headers headers =
                headers().add("Content-Length", Integer.toString(page.length)).add("Location", Iri.toUri(newUrl));
        startResponse.start(Status.of(code()), headers);
        return environ.method().equals("HEAD") ? Body.empty() : Body.bytes(page);
    }
}
