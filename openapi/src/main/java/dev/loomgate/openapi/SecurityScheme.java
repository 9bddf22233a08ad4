package dev.loomgate.openapi;

import java.util.Map;

/// How a request shows who sends it (OpenAPI 3.1, "Security Scheme Object"). A document only tells of
/// it: what checks it is the application.
public final class SecurityScheme {
    private final Map<String, Object> members;

    private SecurityScheme(Members members) {
        this.members = members;
    }

    /// A token in `Authorization: Bearer`.
    ///
    /// @param format what it is, for people to read: `JWT`
    public static SecurityScheme bearer(String format) {
        return new SecurityScheme(
                new Members().with("type", "http").with("scheme", "bearer").withText("bearerFormat", format));
    }

    /// Name and password in `Authorization: Basic`.
    public static SecurityScheme basic() {
        return new SecurityScheme(new Members().with("type", "http").with("scheme", "basic"));
    }

    /// A key in a header of this name.
    public static SecurityScheme header(String name) {
        return key("header", name);
    }

    /// A key, or a session, in a cookie of this name.
    public static SecurityScheme cookie(String name) {
        return key("cookie", name);
    }

    /// OpenID Connect, whose provider is described at this URL:
    /// `https://id.example.org/.well-known/openid-configuration`.
    public static SecurityScheme openIdConnect(String url) {
        return new SecurityScheme(new Members().with("type", "openIdConnect").with("openIdConnectUrl", url));
    }

    private static SecurityScheme key(String place, String name) {
        return new SecurityScheme(
                new Members().with("type", "apiKey").with("in", place).with("name", name));
    }

    Map<String, Object> members() {
        return members;
    }
}
