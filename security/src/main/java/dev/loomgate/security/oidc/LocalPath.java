package dev.loomgate.security.oidc;

import dev.loomgate.toolkit.Request;

/// A place on this site, to go to after a login: path and query, which begin with one slash. It is only
/// ever written behind the site's own scheme and host.
///
/// @param text not percent-encoded where that is not needed: an IRI
record LocalPath(String text) {
    // It is kept in the session.
    private static final int MOST_LENGTH = 512;

    /// @throws IllegalArgumentException if it is no such place
    LocalPath {
        if (!isLocal(text)) {
            throw new IllegalArgumentException("no path of this site");
        }
    }

    /// The text, if it is a place on this site; or else the other.
    static LocalPath of(String text, LocalPath otherwise) {
        return isLocal(text) ? new LocalPath(text) : otherwise;
    }

    /// What the request asks for.
    static LocalPath of(Request request, LocalPath otherwise) {
        String full = request.url().full();
        String host = request.url().host();
        return full.startsWith(host) ? of(full.substring(host.length() - 1), otherwise) : otherwise;
    }

    // Browsers take a backslash for a slash, and two of them begin a host.
    private static boolean isLocal(String text) {
        return text.startsWith("/")
                && !text.startsWith("//")
                && text.length() <= MOST_LENGTH
                && text.chars().noneMatch(c -> c == '\\' || Character.isISOControl(c));
    }
}
