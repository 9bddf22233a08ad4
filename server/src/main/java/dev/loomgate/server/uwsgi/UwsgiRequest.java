package dev.loomgate.server.uwsgi;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A request that came as a uwsgi packet. Its variables stay bytes until somebody asks for one.
///
/// Immutable, so any thread may read it. [UwsgiVariables] shows it to an application.
public final class UwsgiRequest implements UwsgiMessage {
    static final long NO_LENGTH = -1;

    private final VariableIndex variables;
    private final int modifier1;
    private final @Nullable String method;
    private final long contentLength;

    UwsgiRequest(VariableIndex variables, int modifier1, @Nullable String method, long contentLength) {
        this.variables = variables;
        this.modifier1 = modifier1;
        this.method = method;
        this.contentLength = contentLength;
    }

    /// `REQUEST_METHOD`: a token. GET where the packet has none, as a proxy sends that passes header fields alone;
    /// uWSGI runs the application for these, too.
    public String method() {
        return method == null ? "GET" : method;
    }

    /// Whether the packet says what the method is.
    boolean hasMethod() {
        return method != null;
    }

    /// The number of bytes of body that follow the packet; 0 without a CONTENT_LENGTH.
    public long bodyBytes() {
        return Math.max(0, contentLength);
    }

    /// `CONTENT_LENGTH`; empty where it is empty or not there.
    public OptionalLong contentLength() {
        return contentLength == NO_LENGTH ? OptionalLong.empty() : OptionalLong.of(contentLength);
    }

    /// The number of variables, repeated ones counted each time.
    public int variableCount() {
        return variables.count();
    }

    /// A variable as it came, read as latin-1, or null if the packet has none of that name. Of a repeated one it
    /// is the last, or all of them if it is a header field other than Host, joined by `", "` (cookies by `"; "`).
    public @Nullable String text(String key) {
        return variables.latin1(key);
    }

    VariableIndex variables() {
        return variables;
    }

    /// Whether PATH_INFO is still to be cut down by SCRIPT_NAME.
    boolean managesPathInfo() {
        return modifier1 == UwsgiModifiers.MANAGE_PATH_INFO;
    }

    /// For dumps and messages: the request line.
    @Override
    public String toString() {
        String target = text("REQUEST_URI");
        return target == null ? method() : method() + " " + target;
    }
}
