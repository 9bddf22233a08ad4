package dev.loomgate.toolkit.routing;

import org.jspecify.annotations.Nullable;

/// Puts absolute URLs together.
final class Urls {
    private Urls() {}

    /// The URL of a path below the application, for a redirect: absolute, unless the request has no host.
    ///
    /// @param domain the rule's subdomain or host, or null for the request's own
    static String absolute(RequestBinding binding, MapSettings settings, @Nullable String domain, String path) {
        String scheme = binding.scheme().isEmpty() ? "http" : binding.scheme();
        String script = stripped(binding.scriptName());
        String joined = script + "/" + withoutLeadingSlashes(path);
        String host = host(binding, settings, domain);
        if (host.isEmpty()) {
            // The client named no host that makes sense: where it is now is all that is known.
            return joined.startsWith("/") ? joined : "/" + joined;
        }
        return scheme + "://" + host + (joined.startsWith("/") ? joined : "/" + joined);
    }

    static String host(RequestBinding binding, MapSettings settings, @Nullable String domain) {
        if (settings.hostMatching()) {
            return domain == null ? binding.serverName() : domain;
        }
        String subdomain = domain == null ? binding.subdomain() : domain;
        if (subdomain == null) {
            subdomain = settings.defaultSubdomain();
        }
        return subdomain.isEmpty() ? binding.serverName() : subdomain + "." + binding.serverName();
    }

    static String withoutLeadingSlashes(String path) {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        return path.substring(start);
    }

    static String withoutTrailingSlashes(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    private static String stripped(String script) {
        return withoutTrailingSlashes(withoutLeadingSlashes(script));
    }
}
