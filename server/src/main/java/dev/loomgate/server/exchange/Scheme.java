package dev.loomgate.server.exchange;

/// The scheme of a request's URL: whether its client speaks TLS, to this server or to a proxy before it.
public enum Scheme {
    HTTP("http", "80"),
    HTTPS("https", "443");

    private final String text;
    private final String defaultPort;

    Scheme(String text, String defaultPort) {
        this.text = text;
        this.defaultPort = defaultPort;
    }

    /// As it stands in a URL.
    public String text() {
        return text;
    }

    /// The port of a URL that has none (RFC 9110 section 4.2).
    public String defaultPort() {
        return defaultPort;
    }
}
