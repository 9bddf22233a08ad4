package dev.loomgate.server.cgi;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A request that came as CGI variables. They stay bytes until somebody asks for one.
///
/// Immutable, so any thread may read it. [CgiVariables] shows it to an application.
public abstract non-sealed class CgiRequest implements CgiMessage {
    static final long NO_LENGTH = -1;

    private final VariableIndex variables;
    private final @Nullable String method;
    private final long contentLength;

    /// @param read a block that [VariableBlock#read] hasn't refused
    protected CgiRequest(VariableBlock read) {
        this.variables = read.index();
        this.method = read.method();
        this.contentLength = read.contentLength();
    }

    /// `REQUEST_METHOD`: a token. GET where there is none, as a proxy sends that passes header fields alone;
    /// uWSGI runs the application for these, too.
    public final String method() {
        return method == null ? "GET" : method;
    }

    /// Whether the variables say what the method is.
    public final boolean hasMethod() {
        return method != null;
    }

    /// The number of bytes of the body; 0 without a CONTENT_LENGTH.
    public final long bodyBytes() {
        return Math.max(0, contentLength);
    }

    /// `CONTENT_LENGTH`; empty where it is empty or not there.
    public final OptionalLong contentLength() {
        return contentLength == NO_LENGTH ? OptionalLong.empty() : OptionalLong.of(contentLength);
    }

    /// The number of variables, repeated ones counted each time.
    public final int variableCount() {
        return variables.count();
    }

    /// A variable as it came, read as latin-1, or null if there is none of that name. Of a repeated one it
    /// is the last, or all of them if it is a header field other than Host, joined by `", "` (cookies by `"; "`).
    public final @Nullable String text(String key) {
        return variables.latin1(key);
    }

    /// Where each variable is.
    public final VariableIndex variables() {
        return variables;
    }

    /// The first of the two numbers that say what kind of packet it is; 0 where there are none.
    protected int modifier1() {
        return 0;
    }

    /// The second of them.
    protected int modifier2() {
        return 0;
    }

    /// Whether PATH_INFO is the whole path, and still to be cut down by SCRIPT_NAME.
    protected boolean managesPathInfo() {
        return false;
    }

    /// Whether the front ends of this protocol may leave PATH_INFO out, since they were made for files that are
    /// programs: see [FrontEndPath].
    protected boolean findsPath() {
        return false;
    }

    /// For dumps and messages: the request line.
    @Override
    public final String toString() {
        String target = text("REQUEST_URI");
        return target == null ? method() : method() + " " + target;
    }
}
