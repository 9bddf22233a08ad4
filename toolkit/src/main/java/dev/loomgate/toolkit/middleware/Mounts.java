package dev.loomgate.toolkit.middleware;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.exceptions.NotFound;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Several applications in one URL space, each below a prefix of its own: Werkzeug's `DispatcherMiddleware`.
///
/// ```java
/// Application site = Mounts.of(shop)
///         .withMount("/admin", admin)
///         .withMount("/wiki", django);
/// ```
///
/// The longest prefix wins, of whole segments: `/admin` is asked for `/admin` and `/admin/x`, not for
/// `/administer`. An application sees its prefix at the end of SCRIPT_NAME, and only the rest in PATH_INFO;
/// REQUEST_URI stays as it came. The hooks of all of them are run, once for each application.
///
/// Immutable: [#withMount] returns a new one. Used by all threads.
public final class Mounts implements Application, Lifecycle {
    private final Application otherwise;
    private final Map<String, Application> mounts;
    private final int longest;
    private final Lifecycle hooks;

    private Mounts(Application otherwise, Map<String, Application> mounts) {
        this.otherwise = otherwise;
        this.mounts = mounts;
        longest = mounts.keySet().stream().mapToInt(String::length).max().orElse(0);
        List<Application> all = new ArrayList<>(mounts.values());
        all.addFirst(otherwise);
        hooks = Lifecycle.all(all);
    }

    /// Mounts that answer 404 to what isn't mounted.
    public static Mounts of() {
        return of((environ, startResponse) -> new NotFound().call(environ, startResponse));
    }

    /// Mounts that leave what isn't mounted to `otherwise`.
    public static Mounts of(Application otherwise) {
        return new Mounts(otherwise, Map.of());
    }

    /// The same with another application below a prefix.
    ///
    /// @param prefix begins with a slash, decoded as PATH_INFO is; one at its end doesn't count, so `/` is what
    /// isn't mounted otherwise
    /// @throws IllegalArgumentException if it doesn't begin with a slash, or is taken already
    public Mounts withMount(String prefix, Application application) {
        if (!prefix.startsWith("/")) {
            throw new IllegalArgumentException(
                    "mount: the prefix \"%s\" must start with a slash".formatted(Quoting.printable(prefix)));
        }
        String key = prefix.replaceFirst("/+$", "");
        if (key.isEmpty()) {
            return new Mounts(application, mounts);
        }
        Map<String, Application> more = new LinkedHashMap<>(mounts);
        if (more.putIfAbsent(key, application) != null) {
            throw new IllegalArgumentException(
                    "mount: there is an application below \"%s\" already".formatted(Quoting.printable(prefix)));
        }
        return new Mounts(otherwise, more);
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        String path = environ.path();
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            // No prefix is longer than this, so a path of a thousand slashes costs no thousand hashes of it.
            if (end <= longest) {
                Application mounted = mounts.get(path.substring(0, end));
                if (mounted != null) {
                    environ.put("SCRIPT_NAME", environ.scriptName() + path.substring(0, end));
                    environ.put("PATH_INFO", path.substring(end));
                    return mounted.call(environ, startResponse);
                }
            }
        }
        return otherwise.call(environ, startResponse);
    }

    /// Starts the applications.
    ///
    /// @throws Exception as the first that fails
    @Override
    public void start() throws Exception {
        hooks.start();
    }

    /// Stops the applications.
    ///
    /// @throws Exception as the first that fails; the others are stopped all the same
    @Override
    public void stop() throws Exception {
        hooks.stop();
    }

    /// `Mounts[/admin, /wiki]`
    @Override
    public String toString() {
        return "Mounts" + mounts.keySet();
    }
}
