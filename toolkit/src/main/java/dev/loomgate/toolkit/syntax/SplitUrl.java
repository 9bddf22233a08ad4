package dev.loomgate.toolkit.syntax;

import java.util.Locale;
import java.util.Set;

/// A URL or a reference cut into its five pieces (RFC 3986 appendix B). A piece that is missing is empty.
record SplitUrl(String scheme, String authority, String path, String query, String fragment) {
    private static final Set<String> WITH_AUTHORITY = Set.of(
            "ftp",
            "http",
            "gopher",
            "nntp",
            "telnet",
            "imap",
            "wais",
            "file",
            "https",
            "shttp",
            "mms",
            "prospero",
            "rtsp",
            "rtspu",
            "rsync",
            "sftp",
            "svn",
            "svn+ssh",
            "nfs",
            "git",
            "git+ssh",
            "ws",
            "wss",
            "itms-services");

    static SplitUrl of(String url) {
        String rest = url;
        String scheme = "";
        int colon = rest.indexOf(':');
        if (colon > 0 && isScheme(rest, colon)) {
            scheme = rest.substring(0, colon).toLowerCase(Locale.ROOT);
            rest = rest.substring(colon + 1);
        }
        String authority = "";
        if (rest.startsWith("//")) {
            int end = 2;
            while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
                end++;
            }
            authority = rest.substring(2, end);
            rest = rest.substring(end);
        }
        String fragment = "";
        int hash = rest.indexOf('#');
        if (hash >= 0) {
            fragment = rest.substring(hash + 1);
            rest = rest.substring(0, hash);
        }
        String query = "";
        int question = rest.indexOf('?');
        if (question >= 0) {
            query = rest.substring(question + 1);
            rest = rest.substring(0, question);
        }
        return new SplitUrl(scheme, authority, rest, query, fragment);
    }

    private static boolean isScheme(String text, int end) {
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 128;
            if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'))) {
                return false;
            }
        }
        return true;
    }

    /// The URL of these pieces.
    String join() {
        StringBuilder url = new StringBuilder();
        if (!scheme.isEmpty()) {
            url.append(scheme).append(':');
        }
        // Of a path that begins with two slashes, what follows them would be the authority.
        if (!authority.isEmpty() || WITH_AUTHORITY.contains(scheme) || path.startsWith("//")) {
            url.append("//").append(authority);
            if (!path.isEmpty() && path.charAt(0) != '/') {
                url.append('/');
            }
        }
        url.append(path);
        if (!query.isEmpty()) {
            url.append('?').append(query);
        }
        if (!fragment.isEmpty()) {
            url.append('#').append(fragment);
        }
        return url.toString();
    }
}
