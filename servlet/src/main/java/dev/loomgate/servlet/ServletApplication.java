package dev.loomgate.servlet;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.loop.Loop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.jspecify.annotations.Nullable;

/// Servlets as an application of any gateway server: a WAR file, an exploded one, or a handler of Jetty's made in code.
///
/// ```java
/// ServletContextHandler shop = new ServletContextHandler("/shop", ServletContextHandler.SESSIONS);
/// shop.addServlet(HelloServlet.class, "/hello");
/// Application application = ServletApplication.of(shop);
/// ```
///
/// Jetty has no connector, and no pool of threads: a servlet runs in a microthread, and may block. The
/// context path is part of the request's path, and so is the same as where the application is mounted. What it needs it
/// opens when the first loop starts it, and closes when the last one has stopped it; it can be started again.
///
/// Source: Jakarta Servlet 6.1.
public final class ServletApplication implements Application, Lifecycle {
    private final Server server = new Server(new Microthreads());
    private final GatewayConnector connector = new GatewayConnector(server);
    private final HttpConfiguration configuration = new HttpConfiguration();
    private final HttpChannel.Factory channels = new HttpChannel.DefaultFactory();
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private int loops;

    private ServletApplication(Handler handler, String name) {
        this.name = name;
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        server.setHandler(handler);
        server.addBean(connector);
        server.getDescendants(ServletContextHandler.class).forEach(ServletApplication::hideStacks);
    }

    private static void hideStacks(ServletContextHandler context) {
        if (context.getErrorHandler() == null) {
            context.setErrorHandler(new ErrorPageErrorHandler());
        }
        if (context.getErrorHandler() instanceof ErrorHandler pages) {
            pages.setShowStacks(false);
            pages.setShowCauses(false);
        }
    }

    /// The requests for `handler`: a `ServletContextHandler`, or several in a `ContextHandlerCollection`. It belongs to
    /// the application from then on. Its contexts' error pages show no stack traces, which Jetty's do by
    /// default, unless their error handlers are told so afterwards.
    public static ServletApplication of(Handler handler) {
        return new ServletApplication(handler, handler.toString());
    }

    /// A WAR file, or a directory of the same content. Its annotations, fragments and initializers are looked for when
    /// it starts.
    ///
    /// @param contextPath where it is mounted: empty, or beginning with `/`
    /// @throws IllegalArgumentException if there is no such file, or the path has another form
    public static ServletApplication ofWar(Path war, String contextPath) {
        if (!Files.exists(war)) {
            throw new IllegalArgumentException("no WAR file and no directory: " + war);
        }
        if (!contextPath.isEmpty() && (!contextPath.startsWith("/") || contextPath.endsWith("/"))) {
            throw new IllegalArgumentException("context path is not empty and not like /shop: " + contextPath);
        }
        WebAppContext context =
                new WebAppContext(war.toAbsolutePath().toString(), contextPath.isEmpty() ? "/" : contextPath);
        context.setThrowUnavailableOnStartupException(true);
        return new ServletApplication(context, war.toString());
    }

    /// Starts it, on the first of the loops.
    ///
    /// @throws IOException if it can't; the message names the WAR file and the reason
    @Override
    public void start() throws Exception {
        lock.lock();
        try {
            if (loops == 0) {
                startServer();
            }
            loops++;
        } finally {
            lock.unlock();
        }
    }

    private void startServer() throws Exception {
        try {
            besideTheLoop(server::start);
        } catch (Exception failure) {
            IOException cause = new IOException(name + " can't start: " + reason(failure), failure);
            try {
                besideTheLoop(server::stop);
            } catch (Exception another) {
                cause.addSuppressed(another);
            }
            throw cause;
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    // Looking through JAR files would hold the loop. What is loaded meanwhile is the caller's.
    private static void besideTheLoop(Work work) throws Exception {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        Loop.<@Nullable Void>offload(() -> {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(loader);
            try {
                work.run();
            } finally {
                thread.setContextClassLoader(before);
            }
            return null;
        });
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }

    /// Stops it, on the last of the loops.
    @Override
    public void stop() throws Exception {
        lock.lock();
        try {
            if (--loops == 0) {
                besideTheLoop(server::stop);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        MetaData.Request request = RequestHead.of(environ);
        HttpChannel channel = channels.newHttpChannel(new RequestConnection(connector, configuration, environ));
        ServletStream stream = new ServletStream(
                channel,
                server.getThreadPool(),
                environ.input(),
                environ.contentLength().orElse(-1));
        channel.setHttpStream(stream);
        channel.initialize();
        Runnable handling = channel.onRequest(request);
        tellOfTls(environ, channel.getRequest());
        environ.clientGone().ifPresent(gone -> gone.thenRun(stream::end));
        stream.start(handling);
        return new ServletAnswer(name, environ, stream, channel.getRequest()).await(startResponse);
    }

    private static void tellOfTls(Environ environ, Request request) {
        environ.text("SSL_PROTOCOL")
                .ifPresent(version -> request.setAttribute("jakarta.servlet.request.secure_protocol", version));
        environ.text("SSL_CIPHER")
                .ifPresent(cipher -> request.setAttribute("jakarta.servlet.request.cipher_suite", cipher));
    }
}
