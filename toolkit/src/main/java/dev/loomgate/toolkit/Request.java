package dev.loomgate.toolkit;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.exceptions.BadRequest;
import dev.loomgate.toolkit.exceptions.ClientDisconnected;
import dev.loomgate.toolkit.exceptions.InputError;
import dev.loomgate.toolkit.exceptions.PreconditionFailed;
import dev.loomgate.toolkit.exceptions.RequestEntityTooLarge;
import dev.loomgate.toolkit.exceptions.UnsupportedMediaType;
import dev.loomgate.toolkit.headers.Accept;
import dev.loomgate.toolkit.headers.Authorization;
import dev.loomgate.toolkit.headers.CacheControl;
import dev.loomgate.toolkit.headers.CharsetAccept;
import dev.loomgate.toolkit.headers.ETag;
import dev.loomgate.toolkit.headers.ETags;
import dev.loomgate.toolkit.headers.IfRange;
import dev.loomgate.toolkit.headers.LanguageAccept;
import dev.loomgate.toolkit.headers.MimeAccept;
import dev.loomgate.toolkit.headers.Preconditions;
import dev.loomgate.toolkit.headers.Range;
import dev.loomgate.toolkit.syntax.CookieHeader;
import dev.loomgate.toolkit.syntax.HostHeader;
import dev.loomgate.toolkit.syntax.HttpDate;
import dev.loomgate.toolkit.syntax.JsonText;
import dev.loomgate.toolkit.syntax.OptionsHeader;
import dev.loomgate.toolkit.syntax.QueryString;
import dev.loomgate.toolkit.values.Faults;
import dev.loomgate.toolkit.values.Scalars;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A request, read from its environ: Werkzeug's `Request`.
///
/// Making one costs next to nothing: each part is read when it is first asked for, and kept. The body can be read
/// once, by [#stream], or kept by [#data], [#form] or [#json]; each of these waits for it without holding the
/// loop.
///
/// ```java
/// Response get(Request request) {
///     return new Response("Hello %s!".formatted(request.args().get("name", "World!")));
/// }
/// ```
///
/// Belongs to the thread that runs the application.
public final class Request implements AutoCloseable {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data";
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private final Environ environ;
    private final Limits limits;
    // Jackson, which is loaded when it is first asked for, unless the application has another.
    private final @Nullable JsonCodec codec;
    private final @Nullable RecordValidator validator;
    private @Nullable MultiMap<String> args;
    private @Nullable MultiMap<String> cookies;
    private @Nullable Form form;
    private @Nullable Spool spool;
    private @Nullable OptionsHeader contentType;
    private @Nullable RequestUrl url;
    private @Nullable InputStream stream;
    private byte @Nullable [] data;
    private List<InputError> errors = List.of();

    public Request(Environ environ) {
        this(environ, Limits.DEFAULT);
    }

    /// @param limits how much of the body the application takes
    public Request(Environ environ, Limits limits) {
        this(environ, limits, null);
    }

    /// @param limits how much of the body the application takes
    /// @param codec how it reads the body's JSON; or null for [JsonCodec#jackson]
    public Request(Environ environ, Limits limits, @Nullable JsonCodec codec) {
        this(environ, limits, codec, null);
    }

    /// @param limits how much of the body the application takes
    /// @param codec how it reads the body's JSON; or null for [JsonCodec#jackson]
    /// @param validator what looks at the records that are made from it; or null if nothing does
    public Request(Environ environ, Limits limits, @Nullable JsonCodec codec, @Nullable RecordValidator validator) {
        this.environ = environ;
        this.limits = limits;
        this.codec = codec;
        this.validator = validator;
    }

    /// The environ that the request is read from.
    public Environ environ() {
        return environ;
    }

    /// How much of the body the application takes.
    public Limits limits() {
        return limits;
    }

    /// The method in upper case, such as `GET`.
    public String method() {
        return environ.method().toUpperCase(Locale.ROOT);
    }

    /// The path below the application, decoded; begins with one slash.
    public String path() {
        String path = environ.path();
        if (path.startsWith("/") && !path.startsWith("//")) {
            return path;
        }
        return "/" + path.replaceFirst("^/+", "");
    }

    /// The application's own path, without a slash at its end; empty if it is all of the host.
    public String scriptName() {
        String name = environ.scriptName();
        return name.endsWith("/") ? name.replaceFirst("/+$", "") : name;
    }

    /// What follows the `?`, undecoded; may be empty.
    public String queryString() {
        return environ.queryString();
    }

    /// The request's URL and its pieces.
    public RequestUrl url() {
        if (url == null) {
            url = new RequestUrl(this);
        }
        return url;
    }

    /// `http` or `https`.
    public String scheme() {
        return environ.scheme();
    }

    /// Refuses a request to a host that isn't one of these: call it before building links from the Host header.
    ///
    /// @param trusted such as `example.org`, or `.example.org` for that and all below it
    /// @throws BadRequest if the request's host is none of them
    public Request requireTrustedHost(Collection<String> trusted) {
        if (!HostHeader.isTrusted(url().hostName(), trusted)) {
            throw new BadRequest("The request's host is not one of this site.");
        }
        return this;
    }

    /// The address of the peer, or of the client if a proxy told the server.
    public Optional<String> remoteAddress() {
        return environ.remoteAddress();
    }

    /// The header fields.
    public RequestHeaders headers() {
        return new RequestHeaders(environ);
    }

    /// The parameters of the query string. Bytes that are no UTF-8 stay percent-encoded.
    public MultiMap<String> args() {
        if (args == null) {
            args = pairs(environ.queryString());
        }
        return args;
    }

    /// The cookies that the client sent.
    public MultiMap<String> cookies() {
        if (cookies == null) {
            String header = environ.text("HTTP_COOKIE", "");
            if (header.isEmpty()) {
                cookies = MultiMap.empty();
            } else {
                MultiMap.Builder<String> pairs = MultiMap.builder();
                CookieHeader.parse(header, pairs::add);
                cookies = pairs.build();
            }
        }
        return cookies;
    }

    /// What the application remembers of the client.
    ///
    /// @throws IllegalStateException if there is no [dev.loomgate.toolkit.sessions.Sessions] before the application
    public Session session() {
        return Session.of(environ);
    }

    /// Who sent it, as the guard before its rule has found out: what
    /// [dev.loomgate.toolkit.security.BasicAuthentication] or another one was given for these
    /// credentials. Empty if no guard has, or what it knows is of another type.
    ///
    /// ```java
    /// Customer customer = request.user(Customer.class).orElseThrow(Unauthorized::new);
    /// ```
    public <T> Optional<T> user(Class<T> type) {
        return environ.get(User.KEY) instanceof User user && type.isInstance(user.value())
                ? Optional.of(type.cast(user.value()))
                : Optional.empty();
    }

    /// The name of who sent it, as that guard knows it: what logs have as `REMOTE_USER`. Empty if no guard
    /// does; what a front-end has said of them is no matter.
    public Optional<String> userName() {
        return environ.get(User.KEY) instanceof User
                ? Optional.of(environ.text("REMOTE_USER", "")).filter(name -> !name.isEmpty())
                : Optional.empty();
    }

    /// Says who sent it, for [#user], [#userName] and, as the variables `REMOTE_USER` and `AUTH_TYPE` (RFC 3875
    /// section 4.1), for programs behind an environ. For guards, once they are sure.
    ///
    /// @param scheme how it is known: `Basic`, `Bearer`
    /// @param name shown in logs; if it is empty, or has a control character, there is no `REMOTE_USER`
    /// @param user what handlers get
    public void authenticated(String scheme, String name, Object user) {
        environ.put(User.KEY, new User(user));
        environ.put("AUTH_TYPE", scheme);
        if (!name.isEmpty() && name.chars().noneMatch(Character::isISOControl)) {
            environ.put("REMOTE_USER", name);
        } else if (environ.containsKey("REMOTE_USER")) {
            environ.remove("REMOTE_USER");
        }
    }

    /// The types that the client accepts: `Accept`.
    public MimeAccept acceptMimetypes() {
        return MimeAccept.parse(environ.text("HTTP_ACCEPT", ""));
    }

    /// The charsets that the client reads: `Accept-Charset`.
    public CharsetAccept acceptCharsets() {
        return CharsetAccept.parse(environ.text("HTTP_ACCEPT_CHARSET", ""));
    }

    /// The codings that the client decodes: `Accept-Encoding`.
    public Accept acceptEncodings() {
        return Accept.parse(environ.text("HTTP_ACCEPT_ENCODING", ""));
    }

    /// The languages that the client's user reads: `Accept-Language`.
    public LanguageAccept acceptLanguages() {
        return LanguageAccept.parse(environ.text("HTTP_ACCEPT_LANGUAGE", ""));
    }

    /// `Cache-Control`.
    public CacheControl cacheControl() {
        return CacheControl.parse(environ.text("HTTP_CACHE_CONTROL", ""));
    }

    /// The conditions of all four headers: If-Match and the three that follow.
    public Preconditions preconditions() {
        return new Preconditions(ifMatch(), ifUnmodifiedSince(), ifNoneMatch(), ifModifiedSince());
    }

    /// Checks the client's conditions before something is changed, so that no change is lost:
    ///
    /// ```java
    /// request.requirePreconditions(page.etag(), page.changed());      // of what is there now; null for nothing
    /// pages.save(page.with(request.text()));
    /// ```
    ///
    /// @throws PreconditionFailed if the client knows another version than the current one, or its condition on
    /// tags can't be read
    public void requirePreconditions(@Nullable ETag current, @Nullable Instant lastModified) {
        boolean exists = current != null || lastModified != null;
        if (preconditions().evaluate(false, exists, current, lastModified) == Preconditions.Outcome.FAILED) {
            throw new PreconditionFailed();
        }
    }

    /// `If-Match`.
    public ETags ifMatch() {
        return environ.text("HTTP_IF_MATCH").map(ETags::parse).orElse(ETags.NONE);
    }

    /// `If-None-Match`.
    public ETags ifNoneMatch() {
        return environ.text("HTTP_IF_NONE_MATCH").map(ETags::parse).orElse(ETags.NONE);
    }

    /// `If-Modified-Since`.
    public Optional<Instant> ifModifiedSince() {
        return HttpDate.parse(environ.text("HTTP_IF_MODIFIED_SINCE", ""));
    }

    /// `If-Unmodified-Since`.
    public Optional<Instant> ifUnmodifiedSince() {
        return HttpDate.parse(environ.text("HTTP_IF_UNMODIFIED_SINCE", ""));
    }

    /// `If-Range`.
    public IfRange ifRange() {
        return IfRange.parse(environ.text("HTTP_IF_RANGE", ""));
    }

    /// `Range`; empty if there is none, or one that isn't well formed.
    public Optional<Range> range() {
        return Range.parse(environ.text("HTTP_RANGE", ""));
    }

    /// `Authorization`; empty if there is none that can be read.
    public Optional<Authorization> authorization() {
        return Authorization.parse(environ.text("HTTP_AUTHORIZATION", ""));
    }

    /// The Content-Type header.
    public Optional<String> contentType() {
        return environ.contentType();
    }

    /// The body's type without parameters, in lower case: `text/html`; empty if the client named none.
    public String mimetype() {
        return parsedContentType().value().toLowerCase(Locale.ROOT);
    }

    /// A parameter of the Content-Type header, such as `charset` or `boundary`.
    public Optional<String> mimetypeParameter(String name) {
        return Optional.ofNullable(parsedContentType().options().get(name));
    }

    /// The body's charset: what Content-Type names, else UTF-8.
    ///
    /// @throws UnsupportedMediaType if it names one that doesn't exist here
    public Charset charset() {
        String name = parsedContentType().options().getOrDefault("charset", "utf-8");
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new UnsupportedMediaType("The request's charset is not known here.");
        }
    }

    /// The body's length in bytes, as the client announced it; empty for a body in chunks and for none.
    public OptionalLong contentLength() {
        return environ.contentLength();
    }

    /// The body, to be read once. It always ends, and never holds the loop.
    ///
    /// Reading throws [ClientGone] if the client goes away before the end, and [RequestEntityTooLarge] past the
    /// limit.
    ///
    /// @throws RequestEntityTooLarge if the announced length is past the limit
    public InputStream stream() {
        if (stream == null) {
            stream = open();
        }
        return stream;
    }

    private InputStream open() {
        OptionalLong length = contentLength();
        if (length.orElse(0) > limits.bodyBytes()) {
            throw BoundedInput.tooLarge(limits.bodyBytes());
        }
        InputStream input = environ.input();
        if (!Boolean.TRUE.equals(environ.get("wsgi.input_terminated"))) {
            // Without a length, nobody knows where this server's input ends.
            return length.isEmpty() ? InputStream.nullInputStream() : BoundedInput.ofLength(input, length.getAsLong());
        }
        return limits.bodyBytes() == Long.MAX_VALUE ? input : BoundedInput.upTo(input, limits.bodyBytes());
    }

    /// The whole body, kept. The array is the request's own: don't change it.
    ///
    /// @throws RequestEntityTooLarge if it is past the limit
    /// @throws ClientDisconnected if the client goes away before the end
    @SuppressWarnings("MissingThrows")
    public byte[] data() {
        if (data == null) {
            data = read(Long.MAX_VALUE);
        }
        return data;
    }

    /// The whole body as text, by its charset.
    ///
    /// @throws RequestEntityTooLarge and others, as [#data] and [#charset]
    public String text() {
        return new String(data(), charset());
    }

    /// The fields of a form that are text. Empty if the body is something else.
    ///
    /// @throws RequestEntityTooLarge if the form is past one of [#limits]
    /// @throws BadRequest if it is malformed
    /// @throws ClientDisconnected if the client goes away before the end
    public MultiMap<String> form() {
        return parsedForm().fields();
    }

    /// The fields of a form that are files. Empty if the body is something else. They are gone when the request is
    /// closed.
    ///
    /// @throws RequestEntityTooLarge and others, as [#form]
    public MultiMap<UploadedFile> files() {
        return parsedForm().files();
    }

    private Form parsedForm() {
        if (form == null) {
            form = switch (mimetype()) {
                case FORM -> Form.ofFields(pairs(new String(formData(), StandardCharsets.ISO_8859_1)));
                case MULTIPART -> multipart();
                default -> Form.EMPTY;
            };
        }
        return form;
    }

    private byte[] formData() {
        long limit = limits.formMemoryBytes();
        if (contentLength().orElse(0) > limit || (data != null && data.length > limit)) {
            throw limits.formTooLarge();
        }
        return data == null ? read(limit) : data;
    }

    private Form multipart() {
        Spool files = new Spool(TEMPORARY, limits.fileMemoryBytes());
        spool = files;
        try {
            InputStream body = data == null ? stream() : new ByteArrayInputStream(data);
            return MultipartForm.read(body, mimetypeParameter("boundary").orElse(""), limits, files);
        } catch (ClientGone e) {
            close();
            throw new ClientDisconnected(e);
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /// Whether the body is a form by its Content-Type.
    public boolean isForm() {
        return mimetype().equals(FORM) || mimetype().equals(MULTIPART);
    }

    /// What is wrong with the form that it has sent, for the page that shows it again
    /// ([dev.loomgate.toolkit.resources.WebApplication#withFormsShownAgain]); otherwise empty.
    public List<InputError> errors() {
        return errors;
    }

    /// Says what is wrong with its form, for [#errors].
    public void refused(List<InputError> found) {
        errors = List.copyOf(found);
    }

    /// Whether there is something to be closed: files on disk.
    public boolean isOpen() {
        return spool != null && spool.isOnDisk();
    }

    /// Deletes the files that the request brought. A [dev.loomgate.toolkit.resources.WebApplication] does so once
    /// the response has been sent; code that makes requests by hand, and takes files, should do it, too. Does
    /// nothing the second time.
    @Override
    public void close() {
        if (spool != null) {
            try {
                spool.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// The body's JSON as a value of this type, by the application's codec: a record, a class, `Map` or `List`. A
    /// record has a value for each component that isn't declared nullable or Optional; so have those within it. The
    /// application's validator looks at it.
    ///
    /// @throws UnsupportedMediaType if the body isn't JSON by its Content-Type
    /// @throws BadRequest if it is no JSON, with the place, or no such value: `1.9` and `"1"` are no int
    /// @throws dev.loomgate.toolkit.exceptions.UnprocessableEntity if a record lacks a value, its constructor
    /// refuses one by an IllegalArgumentException, or the validator does
    public <T> T json(Class<T> type) {
        return json(type, codec == null ? JsonCodec.jackson() : codec);
    }

    /// The same, by another library.
    ///
    /// @throws UnsupportedMediaType and others, as [#json(Class)]
    public <T> T json(Class<T> type, JsonCodec codec) {
        if (!isJson()) {
            throw new UnsupportedMediaType("The request's body must be of type application/json.");
        }
        T value = Scalars.boxed(type).cast(codec.read(data(), type));
        if (validator != null && value instanceof Record made) {
            Faults faults = new Faults(Faults.Input.JSON);
            violations(made).forEach(violation -> faults.violated(type, violation.path(), violation.message()));
            faults.check();
        }
        return value;
    }

    /// What the application's validator finds in a record that a program has made from the request by itself; nothing
    /// if there is no validator. Records that come from JSON, or as arguments, have been looked at.
    public List<RecordValidator.Violation> violations(Record made) {
        return validator == null ? List.of() : validator.violations(made, this);
    }

    /// Whether the body is JSON by its Content-Type.
    public boolean isJson() {
        return JsonText.isJson(mimetype());
    }

    private OptionsHeader parsedContentType() {
        if (contentType == null) {
            contentType = environ.contentType().map(OptionsHeader::parse).orElse(OptionsHeader.EMPTY);
        }
        return contentType;
    }

    private byte[] read(long limit) {
        try {
            if (limit == Long.MAX_VALUE) {
                return stream().readAllBytes();
            }
            byte[] bytes = stream().readNBytes(Math.toIntExact(Math.min(limit, Integer.MAX_VALUE - 16)));
            if (stream().read() >= 0) {
                throw limits.formTooLarge();
            }
            return bytes;
        } catch (ClientGone e) {
            throw new ClientDisconnected(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MultiMap<String> pairs(String text) {
        if (text.isEmpty()) {
            return MultiMap.empty();
        }
        MultiMap.Builder<String> pairs = MultiMap.builder();
        QueryString.parse(text, pairs::add);
        return pairs.build();
    }

    /// `GET http://localhost/user?name=Bob`
    @Override
    public String toString() {
        return method() + " " + url();
    }
}
