package dev.loomgate.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;

/// Servlets and filters that are async, in one context.
final class AsyncSite {
    final ServletContextHandler context = new ServletContextHandler("/async");
    final CompletableFuture<Throwable> listened = new CompletableFuture<>();

    AsyncSite() {
        add("/dispatch", (request, _) -> {
            AsyncContext async = request.startAsync();
            async.start(() -> async.dispatch("/shown"));
        });
        add("/shown", (request, response) -> response.getWriter().print(request.getDispatcherType()));
        add("/dispatch-fails", (request, _) -> {
            AsyncContext async = request.startAsync();
            async.addListener(new Listener());
            async.start(() -> async.dispatch("/fails"));
        });
        add("/begun-fails", (request, _) -> {
            request.startAsync().addListener(new Listener());
            throw new UnsupportedOperationException("on purpose");
        });
        add("/fails", (_, _) -> {
            throw new UnsupportedOperationException("on purpose");
        });
        add("/listened-timeout", (request, _) -> {
            AsyncContext async = request.startAsync();
            async.setTimeout(50);
            async.addListener(new Listener());
        });
        add("/unlistened-timeout", (request, _) -> request.startAsync().setTimeout(50));
        add("/held", (_, response) -> response.getWriter().print("let through"));
        filter("/held", new Holding());
        filter("/shown", new Marking());
    }

    private void add(String path, Site.Answer answer) {
        ServletHolder holder = new ServletHolder(path, new Site.Answering(answer));
        holder.setAsyncSupported(true);
        context.addServlet(holder, path);
    }

    private void filter(String path, HttpFilter filter) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        context.addFilter(holder, path, EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    }

    /// Holds a request and lets it through later.
    private static final class Holding extends HttpFilter {
        private static final long serialVersionUID = 1;

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            response.addHeader("X-Held", request.getDispatcherType().name());
            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                chain.doFilter(request, response);
            } else {
                AsyncContext async = request.startAsync();
                async.start(async::dispatch);
            }
        }
    }

    private static final class Marking extends HttpFilter {
        private static final long serialVersionUID = 1;

        @Override
        protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            response.addHeader("X-Marked", request.getDispatcherType().name());
            chain.doFilter(request, response);
        }
    }

    private final class Listener implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            event.getAsyncContext().getResponse().getWriter().print("timed out");
            event.getAsyncContext().complete();
        }

        @Override
        public void onError(AsyncEvent event) {
            listened.complete(event.getThrowable());
        }

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
