package dev.loomgate.server.http;

/// A request's head: its bytes, where its parts are in them, and what its framing fields mean. Strings are made
/// when somebody asks.
///
/// @param bytes the head, with its lines' ends; nobody changes them
/// @param method the method
/// @param minorVersion 1 for HTTP/1.1, 0 for HTTP/1.0
/// @param targetFrom where the request target begins as it came
/// @param targetTo where it ends
/// @param pathFrom where the path in the target begins
/// @param pathTo where it ends: at the `?`, or at the target's end
/// @param hostFrom where the authority begins: that of the target's absolute form, else the Host field's value
/// @param hostTo where it ends; no larger than `hostFrom` if there is none
/// @param fields four places for each field: name from, to; value from, to
/// @param contentLength the body's bytes; [#NO_LENGTH] if it has none, or is chunked
/// @param flags what [#CHUNKED], [#KEEP_ALIVE], [#EXPECT_CONTINUE], [#ABSOLUTE], [#HTTP_2], [#UPGRADE] and [#HTTP_3]
///     say
@SuppressWarnings("ArrayRecordComponent") // never compared
record RequestHead(
        byte[] bytes,
        String method,
        int minorVersion,
        int targetFrom,
        int targetTo,
        int pathFrom,
        int pathTo,
        int hostFrom,
        int hostTo,
        int[] fields,
        long contentLength,
        int flags) {
    static final long NO_LENGTH = -1;

    /// The body is chunked.
    static final int CHUNKED = 1;
    /// The client can use the connection for another request.
    static final int KEEP_ALIVE = 2;
    /// The client waits for `100 Continue` before it sends the body.
    static final int EXPECT_CONTINUE = 4;
    /// The target has the absolute form: its authority stands for the Host field.
    static final int ABSOLUTE = 8;
    /// The request came by HTTP/2, whatever the minor version says.
    static final int HTTP_2 = 16;
    /// The client would go on with another protocol.
    static final int UPGRADE = 32;
    /// The request came by HTTP/3, whatever the minor version says.
    static final int HTTP_3 = 64;
    /// The client takes fields after the content.
    static final int TAKES_TRAILERS = 128;

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean hasBody() {
        return has(CHUNKED) || contentLength > 0;
    }
}
