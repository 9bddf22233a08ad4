package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.ClientDisconnected;
import dev.loomgate.toolkit.exceptions.HttpException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What an application answers its errors with: handlers by the exception's class, a form's own page, and then
/// handlers by the status.
///
/// Immutable.
final class ErrorHandlers {
    static final ErrorHandlers NONE = new ErrorHandlers(Map.of(), Map.of(), null);

    private final Map<Class<?>, ErrorHandler<? super Exception>> byClass;
    private final Map<Integer, ErrorHandler<? super HttpException>> byStatus;
    private final @Nullable FormPage formPage;

    private ErrorHandlers(
            Map<Class<?>, ErrorHandler<? super Exception>> byClass,
            Map<Integer, ErrorHandler<? super HttpException>> byStatus,
            @Nullable FormPage formPage) {
        this.byClass = byClass;
        this.byStatus = byStatus;
        this.formPage = formPage;
    }

    <E extends Exception> ErrorHandlers with(Class<E> type, ErrorHandler<? super E> handler) {
        if (ClientDisconnected.class.isAssignableFrom(type) || ClientGone.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException(
                    "onError(" + type.getSimpleName() + "): the client is gone, so nothing answers it");
        }
        Map<Class<?>, ErrorHandler<? super Exception>> more = new HashMap<>(byClass);
        more.put(type, (request, error) -> handler.answer(request, type.cast(error)));
        return new ErrorHandlers(Map.copyOf(more), byStatus, formPage);
    }

    ErrorHandlers with(int status, ErrorHandler<? super HttpException> handler) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("onStatus(" + status + "): an error's status is in 400 to 599");
        }
        Map<Integer, ErrorHandler<? super HttpException>> more = new HashMap<>(byStatus);
        more.put(status, handler);
        return new ErrorHandlers(byClass, Map.copyOf(more), formPage);
    }

    ErrorHandlers with(FormPage page) {
        return new ErrorHandlers(byClass, byStatus, page);
    }

    /// What answers in place of an answer that is an HttpException, be it returned or a rule's; others are left as
    /// they are.
    ///
    /// @throws ErrorHandlerFailure if a handler fails
    Application answer(Request request, Application answer) throws Exception {
        return answer instanceof HttpException error ? thrown(request, error) : answer;
    }

    /// What answers an exception. The page of an HttpException has the toolkit's style, for a browser.
    ///
    /// @throws Exception that one, if nothing here answers it: it is no HttpException, and no handler is for it
    Application thrown(Request request, Exception error) throws Exception {
        Application answer = answered(request, error);
        if (answer instanceof HttpException) {
            HttpException.useStyle(request.environ());
        }
        return answer;
    }

    private Application answered(Request request, Exception error) throws Exception {
        if (error instanceof ClientDisconnected disconnected) {
            throw disconnected.gone();
        }
        if (error instanceof ClientGone || error instanceof ErrorHandlerFailure) {
            throw error;
        }
        // A redirect is no error.
        if (error instanceof HttpException redirect && redirect.code() < 400) {
            return redirect;
        }
        ErrorHandler<? super Exception> handler = handler(error.getClass());
        Application answer;
        if (handler != null) {
            answer = handled(handler, request, error, error.getClass().getSimpleName());
        } else if (error instanceof HttpException http) {
            answer = http;
        } else {
            throw error;
        }
        if (formPage != null && answer instanceof HttpException http) {
            answer = handled(formPage::answer, request, http, "a form that is shown again");
        }
        if (answer instanceof HttpException http) {
            ErrorHandler<? super HttpException> last = byStatus.get(http.code());
            return last == null ? http : handled(last, request, http, "status " + http.code());
        }
        return answer;
    }

    /// That of the most specific class.
    private @Nullable ErrorHandler<? super Exception> handler(Class<?> type) {
        if (byClass.isEmpty()) {
            return null;
        }
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            ErrorHandler<? super Exception> handler = byClass.get(at);
            if (handler != null) {
                return handler;
            }
        }
        return null;
    }

    private static <E extends Exception> Application handled(
            ErrorHandler<? super E> handler, Request request, E error, String name) throws Exception {
        try {
            @Nullable Object value = handler.answer(request, error);
            while (value instanceof CompletionStage<?> stage) {
                value = Stages.await(stage);
            }
            Application answer = new ReturnValue("the handler of " + name, false).answer(value);
            boolean hasStatus = value instanceof Application || value instanceof Result<?>;
            int status = error instanceof HttpException http ? http.code() : 500;
            return !hasStatus && answer instanceof Response response ? response.status(status) : answer;
        } catch (ClientDisconnected e) {
            throw e.gone();
        } catch (ClientGone e) {
            throw e;
        } catch (HttpException e) {
            return e;
        } catch (Exception e) {
            throw new ErrorHandlerFailure(name, error, e);
        }
    }
}
