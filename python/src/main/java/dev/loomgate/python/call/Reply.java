package dev.loomgate.python.call;

import dev.loomgate.gateway.Headers;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.MarshalReader;
import dev.loomgate.python.wire.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What becomes of a request, piece by piece.
public sealed interface Reply {
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
            return bodyStart(length, payload.length);
        }

        /// Where the body begins in a frame with such a head.
        public static int bodyStart(int headLength, int frameLength) {
            if (headLength < 0 || headLength > frameLength - Integer.BYTES) {
                throw new FrameException("a response's head is longer than its frame");
            }
            return Integer.BYTES + headLength;
        }
    }

    /// More of the body.
    record Chunk(byte[] bytes, boolean last) implements Reply {}

    /// The rest of the body is part of a file that the worker keeps open.
    record File(Path path, long offset, long length) implements Reply {}

    /// What the program wants to see in the access log.
    record LogVariables(Map<String, String> variables) implements Reply {
        public static LogVariables read(ByteBuf payload) {
            Map<String, String> variables = new LinkedHashMap<>();
            if (MarshalReader.read(payload) instanceof Map<?, ?> map) {
                map.forEach((name, value) -> variables.put(String.valueOf(name), String.valueOf(value)));
            }
            return new LogVariables(variables);
        }
    }

    /// Links for the client ahead of the response, each the value of a field.
    record EarlyHints(List<String> links) implements Reply {
        public static EarlyHints read(ByteBuf payload) {
            return new EarlyHints(
                    List.of(payload.toString(StandardCharsets.ISO_8859_1).split("\n")));
        }
    }

    /// Fields that follow the body, as the program has given them.
    ///
    /// @param parts a name, its value, the next name, ...
    record Trailers(List<String> parts) implements Reply {
        /// @throws FrameException if a name has no value
        public static Trailers read(ByteBuf payload) {
            String[] parts = payload.toString(StandardCharsets.ISO_8859_1).split("\n", -1);
            if (parts.length % 2 != 0) {
                throw new FrameException("a trailer without a value");
            }
            return new Trailers(List.of(parts));
        }

        /// @throws IllegalArgumentException if a name or a value can't be a field's
        Headers fields() {
            Headers fields = new Headers();
            for (int i = 0; i < parts.size(); i += 2) {
                fields.add(parts.get(i), parts.get(i + 1));
            }
            return fields;
        }
    }

    /// The program failed.
    record Failed(String traceback) implements Reply {}

    /// The request was cancelled, as it was asked to be.
    record Cancelled() implements Reply {}

    /// Its time is over, by `uwsgi.set_user_harakiri`.
    record Overtime() implements Reply {}

    /// An operator has cancelled it.
    record Withdrawn() implements Reply {}

    /// The worker has ended while the request was inside it.
    record Lost(String how) implements Reply {}

    /// There is no program to answer it.
    record Unavailable(String why) implements Reply {}
}
