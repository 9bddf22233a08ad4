package dev.loomgate.toolkit.files;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.headers.Accept;
import dev.loomgate.toolkit.headers.CacheControl;
import dev.loomgate.toolkit.syntax.Percent;
import dev.loomgate.toolkit.variants.Codings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Answers with files what is below a prefix, and leaves everything else to the application: Werkzeug's
/// `SharedDataMiddleware`.
///
/// ```java
/// StaticFiles.of("/static", Path.of("public")).wrap(application)
/// StaticFiles.of("/", Path.of("site")).withIndex("index.html").withPrecompressed().wrap(Mounts.of())
/// StaticFiles.ofClasspath("/static", Application.class, "META-INF/resources").wrap(application)
/// ```
///
/// To GET and HEAD, a file is sent with its type, length, date and ETag; just the ranges that are asked for, and
/// 304 to a client that has it. What isn't there is the application's to answer, as is any other method.
///
/// Nothing outside the directory is ever sent: not by `..`, however it is encoded, not by backslashes or NUL, not
/// of a neighbour whose name begins alike, and not by a symbolic link, unless [#withFollowedLinks] says so. A name
/// that begins with a dot isn't sent either, except `.well-known` (RFC 8615): `.git` and `.env` are there by
/// accident.
///
/// A file is looked up on the thread that answers, and read by the server where that doesn't hold the loop.
/// Looking is a few system calls, which the kernel answers from memory: some 15 microseconds with the response, 7
/// where there is no file. To have another thread do it would cost 10 to 25 more each time, for a disk that is
/// hardly ever waited for; nginx looks on its loop, too. A network file system that may hang holds it, so keep
/// files elsewhere.
///
/// Immutable: each method returns a new one.
public final class StaticFiles implements Middleware {
    private record Settings(String index, boolean precompressed, CacheControl cacheControl) {}

    private final String prefix;
    private final StaticSource source;
    private final Settings settings;

    private StaticFiles(String prefix, StaticSource source, Settings settings) {
        this.prefix = prefix;
        this.source = source;
        this.settings = settings;
    }

    /// The files below a directory.
    ///
    /// @param prefix begins with a slash, decoded as PATH_INFO is; `/` is everything
    /// @throws IllegalArgumentException if the prefix doesn't begin with a slash, or there is no such directory
    public static StaticFiles of(String prefix, Path directory) {
        return of(prefix, StaticDirectory.of(directory));
    }

    /// The files below a folder of the class path, or of the module that a class is in.
    ///
    /// @param anchor a class whose loader finds them
    /// @param folder such as `META-INF/resources`; of a module, one whose name isn't a package's
    /// @throws IllegalArgumentException if the prefix doesn't begin with a slash, or the folder is the root, where
    /// the classes are
    public static StaticFiles ofClasspath(String prefix, Class<?> anchor, String folder) {
        return of(prefix, StaticClasspath.of(anchor, folder));
    }

    private static StaticFiles of(String prefix, StaticSource source) {
        if (!prefix.startsWith("/")) {
            throw new IllegalArgumentException(
                    "StaticFiles: the prefix \"%s\" must start with a slash".formatted(Quoting.printable(prefix)));
        }
        Settings settings = new Settings("", false, CacheControl.NONE.with("no-cache"));
        return new StaticFiles(prefix.replaceFirst("/+$", ""), source, settings);
    }

    /// Answers to a directory with its file of this name; without the slash at the end, by a redirect to it.
    public StaticFiles withIndex(String name) {
        return with(source, new Settings(name, settings.precompressed, settings.cacheControl));
    }

    /// Sends `app.js.br` or `app.js.gz` for `app.js` to a client that takes it, where there is one and it isn't
    /// older.
    public StaticFiles withPrecompressed() {
        return with(source, new Settings(settings.index, true, settings.cacheControl));
    }

    /// How long clients may keep a file. By default `no-cache`: they ask each time whether it is still the same.
    public StaticFiles withCacheControl(CacheControl cacheControl) {
        return with(source, new Settings(settings.index, settings.precompressed, cacheControl));
    }

    /// Follows symbolic links out of the directory, too.
    public StaticFiles withFollowedLinks() {
        return with(source.followLinks(), settings);
    }

    private StaticFiles with(StaticSource source, Settings settings) {
        return new StaticFiles(prefix, source, settings);
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            Optional<Response> response = answer(environ);
            return response.isPresent()
                    ? response.get().call(environ, startResponse)
                    : inner.call(environ, startResponse);
        });
    }

    private Optional<Response> answer(Environ environ) throws IOException {
        String path = environ.path();
        boolean reads = environ.method().equals("GET") || environ.method().equals("HEAD");
        if (!reads || !path.startsWith(prefix)) {
            return Optional.empty();
        }
        String below = path.substring(prefix.length());
        Optional<String> name = name(below);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        if (below.isEmpty() || below.endsWith("/")) {
            Optional<StaticFile> page = indexOf(name.get());
            // Without the slash, the page's relative links would lead elsewhere.
            if (page.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(below.isEmpty() ? toDirectory(environ) : response(page.get(), environ));
        }
        Optional<StaticFile> file = source.find(name.get());
        return file.isPresent()
                ? Optional.of(response(file.get(), environ))
                : indexOf(name.get()).map(_ -> toDirectory(environ));
    }

    /// What is asked for, as a path from the root without a slash at either end; empty if nothing has such a name.
    private static Optional<String> name(String below) {
        if (below.isEmpty() || below.equals("/")) {
            return Optional.of("");
        }
        if (!below.startsWith("/") || below.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == '\\')) {
            return Optional.empty();
        }
        String name = below.substring(1, below.endsWith("/") ? below.length() - 1 : below.length());
        for (String part : name.split("/", -1)) {
            // ".." and "." are among those that begin with a dot.
            if (part.isEmpty() || (part.startsWith(".") && !part.equals(".well-known"))) {
                return Optional.empty();
            }
        }
        return Optional.of(name);
    }

    private Optional<StaticFile> indexOf(String directory) throws IOException {
        return settings.index.isEmpty()
                ? Optional.empty()
                : source.find(directory.isEmpty() ? settings.index : directory + "/" + settings.index);
    }

    private static Response toDirectory(Environ environ) {
        String query = environ.queryString();
        return Response.redirect(
                Percent.quote(environ.scriptName() + environ.path() + "/", Percent.PATH)
                        + (query.isEmpty() ? "" : "?" + query),
                308);
    }

    private Response response(StaticFile file, Environ environ) throws IOException {
        Request request = new Request(environ);
        Response response = settings.precompressed ? compressed(file, request) : file.response("");
        return response.header("X-Content-Type-Options", "nosniff")
                .cacheControl(settings.cacheControl)
                .makeConditional(request);
    }

    private Response compressed(StaticFile file, Request request) throws IOException {
        Accept accept = request.acceptEncodings();
        Response best = file.response("");
        double quality = Math.max(0, accept.quality("identity"));
        boolean varies = false;
        for (Coding coding : Coding.values()) {
            Optional<StaticFile> sibling = source.sibling(file, coding.suffix);
            if (sibling.isPresent()) {
                varies = true;
                double liked = Codings.quality(accept, coding.token);
                // The plain file only where the client likes it more, and of two that are liked the same, the first.
                boolean plain = best.header("Content-Encoding").isEmpty();
                if (liked > 0 && (plain ? liked >= quality : liked > quality)) {
                    best = sibling.get().response(coding.token);
                    quality = liked;
                }
            }
        }
        return varies ? best.header("Vary", "Accept-Encoding") : best;
    }

    private enum Coding {
        BROTLI("br", ".br"),
        GZIP("gzip", ".gz");

        private final String token;
        private final String suffix;

        Coding(String token, String suffix) {
            this.token = token;
            this.suffix = suffix;
        }
    }
}
