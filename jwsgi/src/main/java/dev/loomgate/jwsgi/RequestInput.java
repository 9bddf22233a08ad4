package dev.loomgate.jwsgi;

import dev.loomgate.gateway.Environ;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// A request's body as `uwsgi.RequestBody` reads it. It keeps the first [#MOST_KEPT_BYTES] that were read, so that a
/// program can go back. Belongs to the request's thread.
public final class RequestInput {
    /// The most bytes that are kept for [#seek].
    static final int MOST_KEPT_BYTES = 1 << 20;

    private static final int FIRST_BYTES = 512;
    private static final ScopedValue<RequestInput> CURRENT = ScopedValue.newInstance();

    private final InputStream body;
    private final long length;
    private byte[] kept = new byte[0];
    private long position;
    private long taken; // from the body; position is behind it after a seek

    /// @param length what the request says, or -1
    private RequestInput(InputStream body, long length) {
        this.body = body;
        this.length = length;
    }

    static RequestInput of(Environ environ) {
        return new RequestInput(environ.input(), environ.contentLength().orElse(-1));
    }

    /// What a program does for a request.
    interface Answer {
        Object[] call() throws Throwable;
    }

    /// Runs what answers the request, in which this is the current one.
    Object[] during(Answer answer) throws Throwable {
        return ScopedValue.where(CURRENT, this).<Object[], Throwable>call(answer::call);
    }

    /// The body of the request that the calling thread answers.
    ///
    /// @throws IllegalStateException if it answers none
    public static RequestInput current() {
        return CURRENT.orElseThrow(
                () -> new IllegalStateException("uwsgi.RequestBody: this thread answers no JWSGI request"));
    }

    /// The next byte, 0 to 255; -1 at the end.
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /// Reads until the array is full, or the body ends: as uWSGI does.
    ///
    /// @return how many bytes; -1 at the end
    public int read(byte[] bytes) throws IOException {
        int count = 0;
        while (count < bytes.length) {
            int more = read(bytes, count, bytes.length - count);
            if (more < 0) {
                break;
            }
            count += more;
        }
        return count == 0 && bytes.length > 0 ? -1 : count;
    }

    /// Reads what is there, at least one byte.
    ///
    /// @return how many bytes; -1 at the end
    public int read(byte[] bytes, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        int read;
        if (position < taken) {
            read = (int) Math.min(count, taken - position);
            System.arraycopy(kept, (int) position, bytes, offset, read);
        } else {
            read = body.read(bytes, offset, count);
            if (read < 0) {
                return -1;
            }
            keep(bytes, offset, read);
            taken += read;
        }
        position += read;
        return read;
    }

    private void keep(byte[] bytes, int offset, int count) {
        if (taken >= MOST_KEPT_BYTES) {
            return;
        }
        int from = (int) taken;
        int more = Math.min(count, MOST_KEPT_BYTES - from);
        if (kept.length < from + more) {
            kept = Arrays.copyOf(kept, Math.max(FIRST_BYTES, Math.max(from + more, 2 * kept.length)));
        }
        System.arraycopy(bytes, offset, kept, from, more);
    }

    /// Reads up to and including the next line feed, or until the array is full.
    ///
    /// @return how many bytes; -1 at the end
    public int readLine(byte[] bytes) throws IOException {
        int count = 0;
        while (count < bytes.length) {
            if (read(bytes, count, 1) < 0) {
                return count == 0 ? -1 : count;
            }
            if (bytes[count++] == '\n') {
                break;
            }
        }
        return count;
    }

    /// How many bytes of the body are left; of one without a length, how many can be read without waiting.
    public int available() throws IOException {
        long left = length >= 0 ? length - position : taken - position + body.available();
        return (int) Math.min(left, Integer.MAX_VALUE);
    }

    /// Goes on reading at another place: where nothing has been read yet, by reading on to it.
    ///
    /// @param place from the body's begin; or, if it is negative, so many bytes back
    /// @throws IllegalStateException if more has been read than is kept
    public void seek(int place) throws IOException {
        long to = place >= 0 ? place : Math.max(0, position + place);
        if (to < taken && taken > MOST_KEPT_BYTES) {
            throw new IllegalStateException(
                    "uwsgi.RequestBody.seek(%d): %d bytes have been read, and the first %d are kept"
                            .formatted(place, taken, MOST_KEPT_BYTES));
        }
        if (to <= taken) {
            position = to;
            return;
        }
        position = taken;
        byte[] passed = new byte[8192];
        while (position < to && read(passed, 0, (int) Math.min(passed.length, to - position)) >= 0) {
            // on to it
        }
    }
}
