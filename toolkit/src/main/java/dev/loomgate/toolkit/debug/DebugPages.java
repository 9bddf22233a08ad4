package dev.loomgate.toolkit.debug;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.UrlMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Shows the developer why a request failed: the exception with its causes, the lines of source, the request and
/// the routes. To a browser as a page, to others as text or as `application/problem+json`.
///
/// ```java
/// Application site = development ? DebugPages.of().wrap(application) : application;
/// ```
///
/// For development only: a page like this tells a stranger all about the application. So it is shown only where
/// the peer's address (`REMOTE_ADDR`, as it was before a [dev.loomgate.toolkit.proxy.ProxyFix]) and the request's host
/// are loopback ones, and no header says that a proxy passed the request on; anybody else gets what the server answers
/// without this.
/// There is no console in it: nothing that is sent to it is ever run.
///
/// The headers that middlewares within add to each response are on it, too. What a Python application raised is shown
/// with its own traceback. The exception is written to the server's log all the same, by `wsgi.errors`.
public final class DebugPages implements Middleware {
    private final SourceFiles sources;
    private final @Nullable UrlMap<?> routes;

    private DebugPages(SourceFiles sources, @Nullable UrlMap<?> routes) {
        this.sources = sources;
        this.routes = routes;
    }

    /// Pages with the sources of Maven's and Gradle's places below the working directory, and with the routes of a
    /// [WebApplication].
    public static DebugPages of() {
        return new DebugPages(SourceFiles.below(Path.of("")), null);
    }

    /// The same with sources below these directories.
    ///
    /// @param roots such as `src/main/java`
    public DebugPages withSources(Path... roots) {
        return new DebugPages(new SourceFiles(List.of(roots), sources.files()), routes);
    }

    /// The same with these source files as well, wherever they are: programs of a single file.
    ///
    /// @param files such as `Hello.java`; that of a class is told by its name and its package
    public DebugPages withFiles(List<Path> files) {
        return new DebugPages(sources.withFiles(files), routes);
    }

    /// The same with the routes of this map.
    public DebugPages withRoutes(UrlMap<?> routes) {
        return new DebugPages(sources, routes);
    }

    @Override
    public Application wrap(Application inner) {
        UrlMap<?> known = routes == null && inner instanceof WebApplication application ? application.urlMap() : routes;
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            if (!Loopback.asks(environ)) {
                return inner.call(environ, startResponse);
            }
            // The application may change its environ: what is shown is the request as it came.
            Environ before = environ.copy();
            DebugStart start = new DebugStart(startResponse);
            Body body;
            try {
                body = inner.call(environ, start);
            } catch (Exception | LinkageError | AssertionError | StackOverflowError failure) {
                if (isNoFailure(failure)) {
                    throw failure;
                }
                DevelopersAnswer page = shown(failure, before, known);
                start.fail(page.headers(), asException(failure));
                return before.method().equals("HEAD") ? Body.empty() : Body.bytes(page.content());
            }
            return body instanceof Body.Stream stream ? watched(stream, before, start, known) : body;
        });
    }

    /// A stream that fails before it has written anything can still be a page.
    private Body watched(Body.Stream stream, Environ before, DebugStart start, @Nullable UrlMap<?> known) {
        return Body.stream(writer -> {
                    boolean[] written = {false};
                    try {
                        stream.content().writeTo(bytes -> {
                            written[0] |= bytes.hasRemaining();
                            writer.write(bytes);
                        });
                    } catch (Exception failure) {
                        if (written[0] || isNoFailure(failure)) {
                            throw failure;
                        }
                        DevelopersAnswer page = shown(failure, before, known);
                        start.fail(page.headers(), failure);
                        writer.write(page.content());
                    }
                })
                .onClose(stream.closing());
    }

    // Who left needs no page, and a 404 that was thrown is what was meant.
    private static boolean isNoFailure(Throwable thrown) {
        return thrown instanceof ClientGone || (thrown instanceof HttpException http && http.code() < 500);
    }

    private static Exception asException(Throwable failure) {
        return failure instanceof Exception exception ? exception : new IllegalStateException(failure);
    }

    private DevelopersAnswer shown(Throwable failure, Environ environ, @Nullable UrlMap<?> known) {
        Failure chain = Failure.of(failure);
        environ.errors().println(chain.text());
        return DevelopersAnswer.of(
                environ,
                () -> new DebugPage(chain, environ, sources, Optional.ofNullable(known)).html(),
                chain::problem,
                chain::text);
    }
}
