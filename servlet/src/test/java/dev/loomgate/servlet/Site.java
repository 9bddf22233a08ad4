package dev.loomgate.servlet;

import dev.loomgate.loop.Microthread;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;

/// The servlets that the tests ask, in one context.
final class Site {
    static final int MEGABYTE = 1 << 20;
    static final int LARGE = 32 * MEGABYTE;

    final ServletContextHandler context = new ServletContextHandler("/site", ServletContextHandler.SESSIONS);
    final AtomicLong begun = new AtomicLong();
    final AtomicLong written = new AtomicLong();
    final AtomicLong read = new AtomicLong();
    final CountDownLatch released = new CountDownLatch(1);
    final CompletableFuture<Throwable> readFailure = new CompletableFuture<>();
    final CompletableFuture<Throwable> asyncError = new CompletableFuture<>();
    final CompletableFuture<Throwable> interrupted = new CompletableFuture<>();
    final CompletableFuture<Throwable> writeFailure = new CompletableFuture<>();

    interface Answer {
        void to(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }

    Site() {
        add("/echo/*", Site::echo);
        add("/thread", (_, response) -> response.getWriter().print(Microthread.isCurrent()));
        add("/session", (request, response) -> {
            Object visits = request.getSession().getAttribute("visits");
            int next = visits instanceof Integer count ? count + 1 : 1;
            request.getSession().setAttribute("visits", next);
            response.getWriter().print(next);
        });
        add("/login", (request, response) -> {
            String before = request.getSession().getId();
            response.getWriter().print(!before.equals(request.changeSessionId()));
        });
        add("/count", this::count);
        add("/large", this::large);
        add("/waits-for-ever", (_, _) -> waitForEver());
        add("/tls", (request, response) -> response.getWriter()
                .print(request.isSecure()
                        + " " + request.getAttribute("jakarta.servlet.request.secure_protocol")
                        + " " + request.getAttribute("jakarta.servlet.request.cipher_suite")));
        add("/trailers", (_, response) -> {
            response.setTrailerFields(() -> Map.of("X-Sum", "4"));
            response.getWriter().print("tea!");
        });
        add("/redirect", (_, response) -> response.sendRedirect("part?again=1"));
        add("/cookie", (_, response) -> {
            Cookie cookie = new Cookie("tea", "green");
            cookie.setHttpOnly(true);
            cookie.setMaxAge(60);
            response.addCookie(cookie);
            response.getWriter().print("Grüße");
        });
        add("/form", (request, response) -> {
            response.setContentType("text/plain;charset=utf-8");
            response.getWriter()
                    .print(request.getParameter("tea")
                            + request.getParameterMap().size());
        });
        add("/fails", (_, _) -> {
            throw new UnsupportedOperationException("on purpose");
        });
        add("/missing", (_, response) -> response.sendError(404, "no such page"));
        add("/error-page", (_, response) -> response.getWriter().print("our own page"));
        add("/forward", (request, response) -> request.getRequestDispatcher("/echo/forwarded")
                .forward(request, response));
        add("/include", (request, response) -> {
            response.getWriter().print("before,");
            request.getRequestDispatcher("/part").include(request, response);
            response.getWriter().print(",after");
        });
        add("/part", (_, response) -> response.getWriter().print("part"));
        add("/upload", (request, response) -> {
                    response.getWriter()
                            .print(request.getPart("file").getSubmittedFileName() + " "
                                    + request.getPart("file").getSize());
                })
                .getRegistration()
                .setMultipartConfig(new MultipartConfigElement("", 10_000, 20_000, 1024));
        add("/no-field", (_, response) -> {
            response.setHeader("no field", "tea");
            response.getWriter().print("tea");
        });
        add("/no-status", (_, response) -> response.setStatus(999));
        add("/works-on", this::workOn);
        add("/empty", (_, response) -> response.setStatus(204));
        add("/async", (request, _) -> {
            AsyncContext async = request.startAsync();
            async.start(() -> {
                try {
                    async.getResponse().getWriter().print("later");
                } catch (IOException failure) {
                    throw new java.io.UncheckedIOException(failure);
                }
                async.complete();
            });
        });
        add("/timeout", (request, _) -> request.startAsync().setTimeout(50));
        add("/waits", (request, _) -> {
            startAsync(request);
            written.set(-1);
        });
        add("/async-late", (request, _) -> {
            awaitRelease();
            startAsync(request);
        });
        add("/async-early", (request, _) -> {
            startAsync(request);
            awaitRelease();
        });
        add("/read-listener", (request, response) -> new Reading(request, response).start());
        add("/write-listener", (request, response) -> new Writing(request, response).start());
        context.addFilter(
                holder((request, response, chain) -> {
                    ((HttpServletResponse) response).setHeader("X-Filter", "seen");
                    chain.doFilter(request, response);
                }),
                "/*",
                EnumSet.of(DispatcherType.REQUEST));
        ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
        errors.addErrorPage(UnsupportedOperationException.class, "/error-page");
        context.setErrorHandler(errors);
    }

    private static FilterHolder holder(Filter filter) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        return holder;
    }

    private ServletHolder add(String path, Answer answer) {
        ServletHolder holder = new ServletHolder(path, new Answering(answer));
        holder.setAsyncSupported(true);
        context.addServlet(holder, path);
        return holder;
    }

    private static void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter()
                .print(String.join(
                        " ",
                        request.getMethod(),
                        request.getContextPath(),
                        request.getServletPath(),
                        request.getPathInfo(),
                        request.getParameter("q"),
                        request.getHeader("X-Asked"),
                        request.getRemoteAddr(),
                        request.getScheme()));
    }

    private void startAsync(HttpServletRequest request) {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        async.addListener(new ErrorListener());
    }

    private void waitForEver() {
        written.set(-1);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException overdue) {
            interrupted.complete(overdue);
            Thread.currentThread().interrupt();
        }
    }

    private void count(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] bytes = new byte[MEGABYTE];
        long total = 0;
        try {
            ServletInputStream input = request.getInputStream();
            for (int count = input.read(bytes); count >= 0; count = input.read(bytes)) {
                total += count;
                read.set(total);
            }
        } catch (IOException broken) {
            readFailure.complete(broken);
            throw broken;
        }
        response.getWriter().print(total);
    }

    private void workOn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getOutputStream().print("tea");
        response.getOutputStream().close();
        awaitRelease();
    }

    private void awaitRelease() {
        begun.incrementAndGet();
        try {
            released.await();
        } catch (InterruptedException overdue) {
            interrupted.complete(overdue);
            Thread.currentThread().interrupt();
        }
    }

    /// [#LARGE] bytes, in writes of `piece` bytes.
    private void large(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/octet-stream");
        byte[] bytes = new byte[Integer.parseInt(request.getParameter("piece"))];
        try {
            for (int left = LARGE; left > 0; left -= bytes.length) {
                begun.addAndGet(bytes.length);
                response.getOutputStream().write(bytes);
                written.addAndGet(bytes.length);
            }
        } catch (IOException gone) {
            writeFailure.complete(gone);
            throw gone;
        }
    }

    static final class Answering extends HttpServlet {
        private static final long serialVersionUID = 1;

        private final transient Answer answer;

        Answering(Answer answer) {
            this.answer = answer;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            answer.to(request, response);
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            answer.to(request, response);
        }
    }

    private final class ErrorListener implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {
            asyncError.complete(event.getThrowable());
            event.getAsyncContext().complete();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    private final class Reading implements ReadListener {
        private final AsyncContext async;
        private final ServletInputStream input;
        private final HttpServletResponse response;
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();

        Reading(HttpServletRequest request, HttpServletResponse response) throws IOException {
            async = request.startAsync();
            input = request.getInputStream();
            this.response = response;
        }

        void start() {
            input.setReadListener(this);
        }

        @Override
        public void onDataAvailable() throws IOException {
            while (input.isReady() && !input.isFinished()) {
                int next = input.read();
                if (next >= 0) {
                    all.write(next);
                    read.set(all.size());
                }
            }
        }

        @Override
        public void onAllDataRead() throws IOException {
            response.getWriter().print("read " + all.toString(StandardCharsets.UTF_8));
            async.complete();
        }

        @Override
        public void onError(Throwable failure) {
            readFailure.complete(failure);
            async.complete();
        }
    }

    private static final class Writing implements WriteListener {
        private final AsyncContext async;
        private final ServletOutputStream output;
        private final byte[] bytes = new byte[100_000];
        private int left = 50;

        Writing(HttpServletRequest request, HttpServletResponse response) throws IOException {
            async = request.startAsync();
            output = response.getOutputStream();
        }

        void start() {
            output.setWriteListener(this);
        }

        @Override
        public void onWritePossible() throws IOException {
            while (output.isReady()) {
                if (left-- == 0) {
                    async.complete();
                    return;
                }
                output.write(bytes);
            }
        }

        @Override
        public void onError(Throwable failure) {
            async.complete();
        }
    }
}
