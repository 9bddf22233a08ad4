package dev.loomgate.python.workers;

import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// What becomes of a request, piece by piece.
sealed interface Reply {
    /// The response begins.
    ///
    /// @param payload the frame's: the head's length, the head, the body's beginning
    /// @param last whether that is the whole body
    record Response(byte[] payload, boolean last) implements Reply {
        ResponseHead head() {
            return ResponseHead.parse(payload, 4, bodyStart());
        }

        int bodyStart() {
            int length = ByteBuffer.wrap(payload)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .getInt();
            if (length < 0 || length > payload.length - 4) {
                throw new FrameException("a response's head is longer than its frame");
            }
            return 4 + length;
        }
    }

    /// More of the body.
    record Chunk(byte[] bytes, boolean last) implements Reply {}

    /// The rest of the body is part of a file that the worker keeps open.
    record File(Path path, long offset, long length) implements Reply {}

    /// The program failed.
    record Failed(String traceback) implements Reply {}

    /// The request was cancelled, as it was asked to be.
    record Cancelled() implements Reply {}

    /// Its time is over, by `uwsgi.set_user_harakiri`.
    record Overtime() implements Reply {}

    /// The worker has ended while the request was inside it.
    record Lost(String how) implements Reply {}

    /// There is no program to answer it.
    record Unavailable(String why) implements Reply {}
}
