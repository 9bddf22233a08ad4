package dev.loomgate.toolkit.files;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.toolkit.Response;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Answers with the files of the directory that each request names: its `DOCUMENT_ROOT`, which nginx sends with its
/// `uwsgi_params`. An HTTP client can't name one: a request without such a variable is the application's.
///
/// ```java
/// new DocumentRoots(root -> StaticFiles.ofPlace("/", root).withPrecompressed()).wrap(application)
/// ```
///
/// Immutable, apart from the directories that it has seen.
public final class DocumentRoots implements Middleware {
    private static final String VARIABLE = "DOCUMENT_ROOT";
    private static final int MOST_KEPT = 1024;

    private final Function<Path, StaticFiles> files;
    private final Map<String, StaticFiles> kept = new ConcurrentHashMap<>();

    /// @param files how a directory's are sent; it is asked again for a directory that is back after many others
    public DocumentRoots(Function<Path, StaticFiles> files) {
        this.files = files;
    }

    private StaticFiles of(String root) {
        StaticFiles known = kept.get(root);
        if (known == null) {
            known = files.apply(Path.of(root));
            if (kept.size() >= MOST_KEPT) {
                kept.clear();
            }
            kept.put(root, known);
        }
        return known;
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            Optional<String> root = root(environ);
            Optional<Response> response = root.isPresent() ? of(root.get()).find(environ) : Optional.empty();
            return response.isPresent()
                    ? response.get().call(environ, startResponse)
                    : inner.call(environ, startResponse);
        });
    }

    // One that is relative, or no name of a file, can't be meant.
    private static Optional<String> root(Environ environ) {
        return environ.text(VARIABLE).filter(root -> root.startsWith("/") && root.indexOf('\0') < 0);
    }
}
