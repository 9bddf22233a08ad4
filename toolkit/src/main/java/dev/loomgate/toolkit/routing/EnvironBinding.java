package dev.loomgate.toolkit.routing;

import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.syntax.Ascii;
import dev.loomgate.toolkit.syntax.HostHeader;
import dev.loomgate.toolkit.syntax.Utf8;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a map needs to know of a request, looked up in its environ when it is needed: for most requests, path and
/// method are all.
final class EnvironBinding implements RequestBinding {
    // No host's label has these characters, so no rule matches.
    private static final String FOREIGN = "<invalid>";

    private final Environ environ;
    private final @Nullable String configured;

    EnvironBinding(Environ environ, @Nullable String configured) {
        this.environ = environ;
        this.configured = configured;
    }

    @Override
    public String serverName() {
        return configured == null ? host() : configuredName(configured);
    }

    private String configuredName(String name) {
        return HostHeader.withoutDefaultPort(scheme(), name.toLowerCase(Locale.ROOT));
    }

    private String host() {
        String scheme = environ.scheme();
        Optional<String> header = environ.text("HTTP_HOST");
        String host = header.isPresent()
                ? HostHeader.of(scheme, header.get())
                : HostHeader.ofServer(scheme, environ.serverName(), environ.serverPort());
        return host.toLowerCase(Locale.ROOT);
    }

    @Override
    public String scriptName() {
        String name = environ.scriptName();
        return name.endsWith("/") ? name : name + "/";
    }

    @Override
    public String subdomain() {
        if (configured == null) {
            return "";
        }
        List<String> host = Arrays.asList(host().split("\\.", -1));
        List<String> server = Arrays.asList(configuredName(configured).split("\\.", -1));
        int labels = host.size() - server.size();
        return labels >= 0 && host.subList(labels, host.size()).equals(server)
                ? String.join(".", host.subList(0, labels))
                : FOREIGN;
    }

    @Override
    public String scheme() {
        String scheme = environ.scheme();
        return !websocket() ? scheme : scheme.equals("https") ? "wss" : "ws";
    }

    @Override
    public boolean websocket() {
        if (!environ.text("HTTP_UPGRADE", "").equalsIgnoreCase("websocket")) {
            return false;
        }
        for (String option : environ.text("HTTP_CONNECTION", "").split(",", -1)) {
            if (Ascii.trim(option).equalsIgnoreCase("upgrade")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String path() {
        return environ.path();
    }

    @Override
    public String method() {
        return environ.method();
    }

    @Override
    public String queryString() {
        return Utf8.ofBytes(environ.queryString());
    }
}
