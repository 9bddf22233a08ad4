package dev.loomgate.toolkit.exceptions;

import dev.loomgate.gateway.Headers;

/// 416: the part of the resource that the client asks for doesn't exist.
public final class RequestedRangeNotSatisfiable extends HttpException {
    private static final long serialVersionUID = 1;
    private static final long UNKNOWN = -1;

    private final long length;

    /// With the usual text.
    public RequestedRangeNotSatisfiable() {
        super(416, null);
        length = UNKNOWN;
    }

    public RequestedRangeNotSatisfiable(String description) {
        super(416, description);
        length = UNKNOWN;
    }

    /// @param length the resource's length in bytes, for `Content-Range`
    public RequestedRangeNotSatisfiable(long length) {
        super(416, null);
        this.length = length;
    }

    @Override
    public Headers headers() {
        Headers headers = super.headers();
        return length == UNKNOWN ? headers : headers.add("Content-Range", "bytes */" + length);
    }
}
