package dev.loomgate.toolkit.syntax;

import java.net.IDN;
import java.util.Locale;
import java.util.function.UnaryOperator;

/// URLs with any character in them (RFC 3987), and their ASCII form.
public final class Iri {
    // Controls, space, percent and DEL stay quoted everywhere; a part's own delimiters stay quoted within it.
    private static final Ascii KEPT_IN_PATH = Ascii.of("%\u007f/?#").andUpTo(' ');
    private static final Ascii KEPT_IN_QUERY = Ascii.of("%\u007f&=+#").andUpTo(' ');
    private static final Ascii KEPT_IN_FRAGMENT = Ascii.of("%\u007f").andUpTo(' ');
    private static final Ascii KEPT_IN_USER = Ascii.of("%\u007f:@/?#").andUpTo(' ');

    private static final Ascii HOST = Ascii.of(Ascii.ALPHANUMERIC + "-._~%!$&'()*+,;=");

    private static final Ascii BRACKETED = Ascii.of(Ascii.ALPHANUMERIC + "-._~%!$&'()*+,;=:[]");

    private Iri() {}

    /// The URL in ASCII: its host in Punycode, everything else that isn't ASCII or safe quoted. So is a host that
    /// can't be a domain name (RFC 3986 section 3.2.2): it may have come from a client.
    public static String toUri(String iri) {
        if (isPlain(iri)) {
            return iri;
        }
        SplitUrl url = SplitUrl.of(iri);
        return new SplitUrl(
                        url.scheme(),
                        authority(url.authority(), user -> Percent.quote(user, Percent.QUOTED_USER), Iri::ascii),
                        Percent.quote(url.path(), Percent.QUOTED_PATH),
                        Percent.quote(url.query(), Percent.QUOTED_QUERY),
                        Percent.quote(url.fragment(), Percent.QUOTED_FRAGMENT))
                .join();
    }

    /// The URL for people: its host decoded from Punycode, and unquoted what keeps its meaning unquoted.
    public static String toIri(String uri) {
        SplitUrl url = SplitUrl.of(uri);
        return new SplitUrl(
                        url.scheme(),
                        authority(url.authority(), user -> Percent.unquote(user, KEPT_IN_USER), IDN::toUnicode),
                        Percent.unquote(url.path(), KEPT_IN_PATH),
                        Percent.unquote(url.query(), KEPT_IN_QUERY),
                        Percent.unquote(url.fragment(), KEPT_IN_FRAGMENT))
                .join();
    }

    // A path by itself, the usual Location: nothing to take apart.
    private static boolean isPlain(String iri) {
        return iri.startsWith("/") && !iri.startsWith("//") && Percent.QUOTED_PATH.containsAll(iri);
    }

    private static String ascii(String host) {
        try {
            // Of ASCII, there is nothing to convert, and a label may be as long as it likes.
            return HOST.containsAll(host) ? host : IDN.toASCII(host);
        } catch (IllegalArgumentException e) {
            return Percent.quote(host, Percent.QUOTED_USER);
        }
    }

    private static String authority(String authority, UnaryOperator<String> user, UnaryOperator<String> domain) {
        if (authority.isEmpty()) {
            return "";
        }
        StringBuilder changed = new StringBuilder();
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            String login = authority.substring(0, at);
            int colon = login.indexOf(':');
            if (colon < 0) {
                changed.append(user.apply(login));
            } else {
                changed.append(user.apply(login.substring(0, colon)))
                        .append(':')
                        .append(user.apply(login.substring(colon + 1)));
            }
            changed.append('@');
        }
        String host = authority.substring(at + 1);
        if (host.startsWith("[")) {
            return changed.append(Percent.quote(host.toLowerCase(Locale.ROOT), BRACKETED))
                    .toString();
        }
        int colon = host.indexOf(':');
        String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
        changed.append(domain.apply(name));
        if (colon >= 0 && colon + 1 < host.length()) {
            changed.append(Percent.quote(host.substring(colon), Percent.QUOTED_PATH));
        }
        return changed.toString();
    }
}
