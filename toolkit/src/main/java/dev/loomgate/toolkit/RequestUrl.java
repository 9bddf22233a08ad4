package dev.loomgate.toolkit;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.syntax.HostHeader;
import dev.loomgate.toolkit.syntax.Iri;
import dev.loomgate.toolkit.syntax.Percent;
import dev.loomgate.toolkit.syntax.Utf8;
import java.util.Optional;

/// The pieces of a request's URL, for people: unquoted where that keeps the meaning (an IRI).
///
/// ```
/// http://example.com:8000/app/wiki/Käse?q=1
/// └─────host()──────────┘
/// └─────root()───────────────┘
/// └─────base()───────────────────────┘
/// └─────full()───────────────────────────┘
/// ```
///
/// The host is what the client says; a value that is no host at all counts as none.
public final class RequestUrl {
    private final Request request;

    RequestUrl(Request request) {
        this.request = request;
    }

    /// Host and port, without the scheme's own port; empty if the client sent none that makes sense.
    public String hostName() {
        Environ environ = request.environ();
        Optional<String> header = environ.text("HTTP_HOST");
        return header.isPresent()
                ? HostHeader.of(environ.scheme(), header.get())
                : HostHeader.ofServer(environ.scheme(), environ.serverName(), environ.serverPort());
    }

    /// Scheme and host: `http://example.com:8000/`.
    public String host() {
        return Iri.toIri(request.scheme() + "://" + hostName() + "/");
    }

    /// Up to the application: `http://example.com:8000/app/`.
    public String root() {
        return Iri.toIri(rootUri());
    }

    /// Up to the path: `http://example.com:8000/app/wiki/Käse`.
    public String base() {
        return Iri.toIri(baseUri());
    }

    /// All of it.
    public String full() {
        String query = Utf8.ofBytes(request.queryString());
        return Iri.toIri(query.isEmpty() ? baseUri() : baseUri() + "?" + Percent.quote(query, Percent.QUOTED_QUERY));
    }

    private String rootUri() {
        return request.scheme() + "://" + hostName() + Percent.quote(request.scriptName(), Percent.QUOTED_PATH) + "/";
    }

    private String baseUri() {
        return rootUri() + Percent.quote(request.path().substring(1), Percent.QUOTED_PATH);
    }

    /// All of it.
    @Override
    public String toString() {
        return full();
    }
}
