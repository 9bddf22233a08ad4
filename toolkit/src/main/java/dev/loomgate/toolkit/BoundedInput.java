package dev.loomgate.toolkit;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.toolkit.exceptions.RequestEntityTooLarge;
import java.io.IOException;
import java.io.InputStream;

/// A request's input that ends where it should: at Content-Length on a server that doesn't see to that itself, and
/// at the application's limit on every one.
final class BoundedInput extends InputStream {
    private final InputStream input;
    private final long bound;
    private final boolean isLimit;
    private long read;

    /// @param isLimit whether a byte past the bound is an error, and an early end is not
    private BoundedInput(InputStream input, long bound, boolean isLimit) {
        this.input = input;
        this.bound = bound;
        this.isLimit = isLimit;
    }

    /// Ends after `length` bytes; if they don't all come, the client has disconnected.
    static InputStream ofLength(InputStream input, long length) {
        return new BoundedInput(input, length, false);
    }

    /// Ends where the input ends; past `limit` bytes it is too large.
    static InputStream upTo(InputStream input, long limit) {
        return new BoundedInput(input, limit, true);
    }

    static RequestEntityTooLarge tooLarge(long limit) {
        return new RequestEntityTooLarge("The request's body is over the limit of " + limit + " bytes.");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        long left = bound - read;
        if (left == 0) {
            if (isLimit && input.read() >= 0) {
                throw tooLarge(bound);
            }
            return -1;
        }
        int count = input.read(bytes, offset, (int) Math.min(left, length));
        if (count < 0) {
            if (!isLimit) {
                throw new ClientGone("the client sent " + read + " of " + bound + " bytes");
            }
            return -1;
        }
        read += count;
        return count;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(bound - read, input.available());
    }
}
