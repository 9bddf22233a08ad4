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
import dev.loomgate.toolkit.syntax.HttpDate;
import dev.loomgate.toolkit.syntax.Percent;
import dev.loomgate.toolkit.variants.Codings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
/// of a neighbour whose name begins alike, and not by a symbolic link, unless [#withFollowedLinks] or [#withSafe]
/// says so. A name that begins with a dot isn't sent either, except `.well-known` (RFC 8615), unless [#withDotFiles]
/// says so: `.git` and `.env` are there by accident.
///
/// A file is looked up on the thread that answers, and read by the server where that doesn't hold the loop.
/// Looking is a few system calls, which the kernel answers from memory: some 15 microseconds with the response, 7
/// where there is no file. To have another thread do it would cost 10 to 25 more each time, for a disk that is
/// hardly ever waited for; nginx looks on its loop, too. A network file system that may hang holds it, so keep
/// files elsewhere.
///
/// Immutable: each method returns a new one.
public final class StaticFiles implements Middleware {
    private final String prefix;
    private final StaticSource source;
    private final StaticSettings settings;

    private StaticFiles(String prefix, StaticSource source, StaticSettings settings) {
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

    /// The files below a directory, or below the prefix a single file, which has just the prefix as its path. Neither
    /// need be there yet: then what is asked for is the application's.
    ///
    /// @throws IllegalArgumentException if the prefix doesn't begin with a slash
    public static StaticFiles ofPlace(String prefix, Path directoryOrFile) {
        return of(prefix, new StaticPlace(directoryOrFile, false, List.of()));
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
        return new StaticFiles(prefix.replaceFirst("/+$", ""), source, StaticSettings.standard());
    }

    /// Answers to a directory with its file of this name; without the slash at the end, by a redirect to it.
    public StaticFiles withIndex(String name) {
        return withIndexes(List.of(name));
    }

    /// The same with the first of several names that is there.
    public StaticFiles withIndexes(List<String> names) {
        return with(source, settings.indexes(names));
    }

    /// Sends files whose name begins with a dot, too, and those below directories with such a name.
    public StaticFiles withDotFiles() {
        return with(source, settings.dotFiles(true));
    }

    /// Looks for the whole path below the directory: of `/static/a.css` below `/static`, for `static/a.css`.
    public StaticFiles withWholePath() {
        return with(source, settings.wholePath(true));
    }

    /// Leaves paths and files with these endings to the application: `.php`.
    public StaticFiles withSkippedEndings(List<String> endings) {
        return with(source, settings.skipped(endings));
    }

    /// Sends Expires where a rule fits, in the place of Cache-Control; the first that fits counts.
    public StaticFiles withExpires(List<Expires> rules) {
        return with(source, settings.expires(rules));
    }

    /// Types of names' endings, which go before those that are built in.
    ///
    /// @param byEnding such as `md` to `text/markdown`; in lower case
    public StaticFiles withTypes(Map<String, String> byEnding) {
        return with(source, settings.types(byEnding));
    }

    /// Follows symbolic links that lead into these directories, too.
    public StaticFiles withSafe(List<Path> directories) {
        return with(source.safe(directories), settings);
    }

    /// Sends `app.js.br` or `app.js.gz` for `app.js` to a client that takes it, where there is one and it isn't
    /// older.
    public StaticFiles withPrecompressed() {
        return with(source, settings.precompressed(true));
    }

    /// How long clients may keep a file. By default `no-cache`: they ask each time whether it is still the same.
    public StaticFiles withCacheControl(CacheControl cacheControl) {
        return with(source, settings.cacheControl(cacheControl));
    }

    /// Follows symbolic links out of the directory, too.
    public StaticFiles withFollowedLinks() {
        return with(source.followLinks(), settings);
    }

    private StaticFiles with(StaticSource source, StaticSettings settings) {
        return new StaticFiles(prefix, source, settings);
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            Optional<Response> response = find(environ);
            return response.isPresent()
                    ? response.get().call(environ, startResponse)
                    : inner.call(environ, startResponse);
        });
    }

    /// The answer to a request; empty if it is the application's.
    ///
    /// @throws IOException if a file can't be read
    public Optional<Response> find(Environ environ) throws IOException {
        String path = environ.path();
        boolean reads = environ.method().equals("GET") || environ.method().equals("HEAD");
        if (!reads || !path.startsWith(prefix) || isSkipped(path)) {
            return Optional.empty();
        }
        String below = path.substring(prefix.length());
        if (below.isEmpty()) {
            Optional<StaticFile> itself = source.itself();
            if (itself.isPresent()) {
                return Optional.of(response(itself.get(), environ));
            }
        } else if (!below.startsWith("/")) {
            return Optional.empty(); // a neighbour
        }
        below = settings.wholePath() ? path : below;
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
    private Optional<String> name(String below) {
        if (below.isEmpty() || below.equals("/")) {
            return Optional.of("");
        }
        if (!below.startsWith("/") || below.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == '\\')) {
            return Optional.empty();
        }
        String name = below.substring(1, below.endsWith("/") ? below.length() - 1 : below.length());
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals("..") || part.equals(".")) {
                return Optional.empty();
            }
            if (part.startsWith(".") && !settings.dotFiles() && !part.equals(".well-known")) {
                return Optional.empty();
            }
        }
        return Optional.of(name);
    }

    private Optional<StaticFile> indexOf(String directory) throws IOException {
        for (String index : settings.indexes()) {
            Optional<StaticFile> page = source.find(directory.isEmpty() ? index : directory + "/" + index);
            if (page.isPresent()) {
                return isSkipped(index) ? Optional.empty() : page;
            }
        }
        return Optional.empty();
    }

    private boolean isSkipped(String path) {
        return settings.skipped().stream().anyMatch(path::endsWith);
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
        Response response = settings.precompressed() ? compressed(file, request) : file.response("", settings.types());
        response.header("X-Content-Type-Options", "nosniff");
        Optional<Instant> expires = expires(file, environ);
        if (expires.isPresent()) {
            response.header("Expires", HttpDate.format(expires.get()));
        } else {
            response.cacheControl(settings.cacheControl());
        }
        return response.makeConditional(request);
    }

    private Optional<Instant> expires(StaticFile file, Environ environ) {
        return settings.expires().stream()
                .filter(rule -> rule.pattern()
                        .matcher(
                                switch (rule.subject()) {
                                    case TYPE -> file.type(settings.types());
                                    case FILE -> file.place();
                                    case PATH -> environ.path();
                                    case URI -> environ.requestUri();
                                })
                        .find())
                .findFirst()
                .map(rule -> rule.time(file.modified(), Instant.now()));
    }

    private Response compressed(StaticFile file, Request request) throws IOException {
        Accept accept = request.acceptEncodings();
        StaticFile best = file;
        String token = "";
        double quality = Math.max(0, accept.quality("identity"));
        boolean varies = false;
        for (Coding coding : Coding.values()) {
            Optional<StaticFile> sibling = source.sibling(file, coding.suffix);
            if (sibling.isPresent()) {
                varies = true;
                double liked = Codings.quality(accept, coding.token);
                // The plain file only where the client likes it more, and of two that are liked the same, the first.
                if (liked > 0 && (token.isEmpty() ? liked >= quality : liked > quality)) {
                    best = sibling.get();
                    token = coding.token;
                    quality = liked;
                }
            }
        }
        Response response = best.response(token, settings.types());
        return varies ? response.header("Vary", "Accept-Encoding") : response;
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
