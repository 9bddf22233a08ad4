package dev.loomgate.toolkit.exceptions;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.syntax.HtmlPages;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An HTTP error response, thrown from anywhere in an application; and an [Application]
/// that answers with it.
///
/// ```java
/// throw new NotFound();                       // a page with the usual text
/// throw new NotFound("no user 42");           // a page with this text, escaped
/// return new NotFound("not implemented").call(environ, startResponse);
/// ```
///
/// Below 500 it is control flow, such as a path that no rule matches: it has no stack trace, which would cost more
/// than the whole request. From 500 on somebody will have to find out why: it has one.
///
/// A subclass that wants other headers overrides [#headers].
///
/// The page is Werkzeug's to the byte, unless the application has asked for [#useStyle] and a browser asks for the
/// page.
public class HttpException extends RuntimeException implements Application {
    private static final long serialVersionUID = 1;
    private static final String STYLED = "loomgate.styled_errors";

    private final int code;
    private final transient List<InputError> errors;

    /// @param code the status, 300 to 599
    /// @param description what the page says, without HTML; or null for the status's usual text
    public HttpException(int code, @Nullable String description) {
        this(code, description, null);
    }

    /// @param code the status, 300 to 599
    /// @param description what the page says, without HTML; or null for the status's usual text
    /// @param cause what led to it; never shown to a client
    public HttpException(int code, @Nullable String description, @Nullable Throwable cause) {
        this(code, description, cause, List.of());
    }

    /// @param code the status, 300 to 599
    /// @param description what the page says, without HTML; or null for the status's usual text
    /// @param cause what led to it; never shown to a client
    /// @param errors what is wrong with the client's input, for a client that takes JSON
    @SuppressWarnings("this-escape")
    public HttpException(int code, @Nullable String description, @Nullable Throwable cause, List<InputError> errors) {
        super(description == null ? StandardTexts.description(code) : description, cause, true, code >= 500);
        if (code < 300 || code > 599) {
            throw new IllegalArgumentException("an error's status is in 300 to 599, not " + code);
        }
        this.code = code;
        this.errors = List.copyOf(errors);
    }

    /// The exception of that status, with its usual text: what Werkzeug's `abort(code)` raises.
    ///
    /// @throws IllegalArgumentException if the code is not in 300 to 599
    public static HttpException of(int code) {
        return StandardTexts.exception(code, null);
    }

    /// The exception of that status with this text.
    ///
    /// @throws IllegalArgumentException if the code is not in 300 to 599
    public static HttpException of(int code, String description) {
        return StandardTexts.exception(code, description);
    }

    /// The status code.
    public final int code() {
        return code;
    }

    /// The status's name, as the page shows it.
    public String title() {
        return StandardTexts.name(code);
    }

    /// What the page says, without HTML.
    public String description() {
        String description = super.getMessage();
        return description == null ? "" : description;
    }

    /// What is wrong with the client's input, value by value; empty if it isn't about that.
    public final List<InputError> errors() {
        return errors;
    }

    /// What kind of problem it is, as a URI (RFC 9457 section 3.1.1). `about:blank`, unless a subclass has another,
    /// says that the status says it all.
    public String type() {
        return "about:blank";
    }

    /// The response's headers, without Content-Length: a new list each time.
    public Headers headers() {
        return new Headers().add("Content-Type", "text/html; charset=utf-8");
    }

    /// The response's body, in HTML without style.
    public String page() {
        return HtmlPages.errorPage(code, title(), description());
    }

    /// Asks for the style of small pages, [dev.loomgate.toolkit.Html#STYLE], in the page of the error
    /// that answers this request: a client that names `text/html` among what it takes, as browsers do,
    /// gets it; all others get Werkzeug's page. A page that a subclass has of its own stays as it is.
    ///
    /// A [dev.loomgate.toolkit.resources.WebApplication] does so for its own errors. An application by
    /// hand may, before it answers:
    ///
    /// ```java
    /// } catch (HttpException e) {
    ///     HttpException.useStyle(environ);
    ///     return e.call(environ, startResponse);
    /// }
    /// ```
    public static void useStyle(Environ environ) {
        environ.put(STYLED, true);
    }

    /// Whether an error answers this request by its page, rather than as a problem in JSON.
    public static boolean isAnsweredByPage(Environ environ) {
        return !Problem.isFor(environ);
    }

    /// The page as this client gets it.
    private String page(Environ environ, String accept) {
        String page = page();
        return environ.get(STYLED) != null
                        && accept.contains("text/html")
                        && page.equals(HtmlPages.errorPage(code, title(), description()))
                ? HtmlPages.styledErrorPage(code, title(), description())
                : page;
    }

    /// The response's body in JSON, as `application/problem+json` (RFC 9457): `type`, `title`, `status`, `detail`,
    /// the request's path as `instance`, and `errors` where there are any.
    public String problem(Environ environ) {
        return Problem.text(this, environ);
    }

    // RFC 9457 section 4.2.1: where the status says it all, the title is its phrase, as on the status line.
    String problemTitle() {
        String reason = type().equals("about:blank") ? Status.of(code).reason() : "";
        return reason.isEmpty() ? title() : reason;
    }

    /// Answers with the page; or with the problem, to a client that would rather have JSON, and to one that sent
    /// JSON and takes both alike.
    @Override
    public Body call(Environ environ, StartResponse startResponse) {
        String accept = environ.text("HTTP_ACCEPT", "");
        Headers headers = headers();
        String content;
        if (Problem.isFor(environ)) {
            content = problem(environ);
            headers.set("Content-Type", Problem.TYPE);
        } else {
            content = page(environ, accept);
        }
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        headers.add("Content-Length", Integer.toString(bytes.length));
        if (!accept.isEmpty()) {
            headers.add("Vary", "Accept");
        }
        startResponse.start(Status.of(code), headers);
        return environ.method().equals("HEAD") ? Body.empty() : Body.bytes(bytes);
    }

    /// `404 Not Found: ` and the description.
    @Override
    public String getMessage() {
        return code + " " + title() + ": " + description();
    }
}
