package dev.loomgate.server.cgi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A request's path where the front end doesn't say which part of it is PATH_INFO. SCGI and FastCGI were made for
/// programs that are files, so front ends name the whole path SCRIPT_NAME, or leave both out:
///
/// | front end | sends for `/app/user` | SCRIPT_NAME, PATH_INFO |
/// |---|---|---|
/// | nginx, `fastcgi_params` | SCRIPT_NAME and DOCUMENT_URI `/app/user` | none, `/app/user` |
/// | nginx, with a SCRIPT_NAME | SCRIPT_NAME `/app`, DOCUMENT_URI `/app/user` | `/app`, `/user` |
/// | nginx, `scgi_params` | DOCUMENT_URI alone | none, `/app/user` |
/// | Apache, `ProxyPass /app` | SCRIPT_NAME `/app/user`, SCRIPT_FILENAME `proxy:scgi://a:1/user` | `/app`, `/user` |
/// | none of these | REQUEST_URI | its path, without SCRIPT_NAME where that begins it |
///
/// A front end that sends PATH_INFO, even if it is empty, is believed.
///
/// @param scriptName decoded
/// @param pathInfo decoded
record FrontEndPath(String scriptName, String pathInfo) {
    private static final String PROXIED = "proxy:";

    /// That of a request without PATH_INFO.
    static FrontEndPath of(VariableIndex variables) {
        String script = orEmpty(variables.utf8("SCRIPT_NAME"));
        String file = orEmpty(variables.latin1("SCRIPT_FILENAME"));
        if (file.startsWith(PROXIED)) {
            return mounted(script, file);
        }
        String uri = variables.utf8("DOCUMENT_URI");
        String path = uri == null || uri.isEmpty() ? decodedPath(orEmpty(variables.latin1("REQUEST_URI"))) : uri;
        if (path.isEmpty()) {
            return new FrontEndPath(script, "");
        }
        if (path.equals(script)) {
            return new FrontEndPath("", path);
        }
        boolean below = !script.isEmpty() && path.startsWith(script) && path.charAt(script.length()) == '/';
        return below
                ? new FrontEndPath(script, path.substring(script.length()))
                : new FrontEndPath(uri == null ? script : "", path);
    }

    // The file's name is the URL of the backend: what follows its host is the path below the place of the ProxyPass.
    private static FrontEndPath mounted(String whole, String file) {
        int scheme = file.indexOf("://");
        int slash = scheme < 0 ? -1 : file.indexOf('/', scheme + 3);
        String below = slash < 0 ? "" : decodedPath(file.substring(slash).replaceFirst("^/+", "/"));
        return whole.endsWith(below)
                ? new FrontEndPath(whole.substring(0, whole.length() - below.length()), below)
                : new FrontEndPath("", whole);
    }

    /// The path of a request's target, percent-decoded as UTF-8; what is no code stays as it is.
    ///
    /// @param target bytes, read as latin-1
    private static String decodedPath(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            int code = path.charAt(i) == '%' && i + 2 < path.length()
                    ? hex(path.charAt(i + 1)) << 4 | hex(path.charAt(i + 2))
                    : -1;
            if (code >= 0) {
                decoded.write(code);
                i += 2;
            } else {
                decoded.write(path.charAt(i));
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    // Negative if it is none, so that the code is, too.
    private static int hex(char digit) {
        return digit < 128 ? Character.digit(digit, 16) : -1;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
