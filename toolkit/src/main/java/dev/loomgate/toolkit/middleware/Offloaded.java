package dev.loomgate.toolkit.middleware;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Runs an application's calls in the server's threads for blocking work ([Environ#offload]), for programs that
/// hold their thread: embedded databases, large files, computing. Requests that wait there delay no other one.
/// Where too many wait already, the answer is 503.
///
/// ```java
/// Application application = Offloaded.of().wrap(WebApplication.of(...));
/// ```
///
/// For some URLs only, see [dev.loomgate.toolkit.routing.Rule#blocking].
///
/// The call alone runs there. A body that is written while it is sent, a WebSocket's handler and closing actions run
/// in the request's own thread, since they wait for the client.
public final class Offloaded implements Middleware {
    private static final Offloaded OFFLOADED = new Offloaded();

    private Offloaded() {}

    /// The middleware.
    public static Offloaded of() {
        return OFFLOADED;
    }

    @Override
    public Application wrap(Application inner) {
        return Lifecycle.passOn(inner, (environ, startResponse) -> {
            try {
                return call(inner, environ, startResponse);
            } catch (ServiceUnavailable e) {
                return e.call(environ, startResponse);
            }
        });
    }

    /// Calls the application in a thread for blocking work, and starts its response in this one.
    ///
    /// @throws ServiceUnavailable if too much waits already
    /// @throws Exception what the application throws
    public static Body call(Application inner, Environ environ, StartResponse startResponse) throws Exception {
        LaterStart later = new LaterStart(startResponse);
        Body body;
        try {
            body = run(environ, () -> inner.call(environ, later));
        } finally {
            later.isBack = true;
        }
        try {
            later.release();
        } catch (Exception | Error e) {
            body.close();
            throw e;
        }
        return body;
    }

    /// Runs work in a thread for blocking work.
    ///
    /// @throws ServiceUnavailable if too much waits already
    /// @throws Exception what the work throws
    public static <T> T run(Environ environ, Callable<T> work) throws Exception {
        boolean[] begun = {false};
        try {
            return environ.offload().call(() -> {
                begun[0] = true;
                return work.call();
            });
        } catch (RejectedExecutionException e) {
            if (begun[0]) {
                throw e; // the work's own
            }
            throw new ServiceUnavailable();
        }
    }

    /// Keeps what the application starts until the call is back: a response is started by the thread that the
    /// container calls in.
    private static final class LaterStart implements StartResponse {
        private final StartResponse inner;
        private boolean isBack;
        private @Nullable Status status;
        private Headers headers = new Headers();
        private @Nullable Exception cause;

        LaterStart(StartResponse inner) {
            this.inner = inner;
            inner.viewedBy(this);
        }

        @Override
        public void viewedBy(StartResponse view) {
            inner.viewedBy(view);
        }

        @Override
        public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
            if (isBack) {
                inner.start(status, headers, cause);
                return;
            }
            if (this.status != null && cause == null) {
                throw new IllegalStateException("the response was started before");
            }
            this.status = status;
            this.headers = headers;
            this.cause = cause;
        }

        void release() throws Exception {
            if (status != null) {
                inner.start(status, headers, cause);
            }
        }
    }
}
