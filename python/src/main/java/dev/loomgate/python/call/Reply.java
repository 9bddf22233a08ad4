package dev.loomgate.python.call;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.direct.LendableSocket;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.FrameType;
import dev.loomgate.python.wire.MarshalReader;
import dev.loomgate.python.wire.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What becomes of a request, piece by piece.
public sealed interface Reply {
    /// The response begins.
    ///
    /// @param headBytes as [ResponseHead#parse] takes them
    /// @param body the body's beginning
    /// @param last whether that is the whole body
    record Response(byte[] headBytes, byte[] body, boolean last) implements Reply {
        /// Reads a RESPONSE frame's payload: the head's length, the head, the body's beginning. What is left of that
        /// past `mostBody` stays in the payload.
        ///
        /// @throws FrameException if the head is longer than the frame
        public static Response read(ByteBuf payload, int mostBody, boolean last) {
            int length = payload.readIntLE();
            if (length < 0 || length > payload.readableBytes()) {
                throw new FrameException("a response's head is longer than its frame");
            }
            byte[] head = new byte[length];
            payload.readBytes(head);
            byte[] body = new byte[Math.min(payload.readableBytes(), mostBody)];
            payload.readBytes(body);
            return new Response(head, body, last);
        }

        ResponseHead head() {
            return ResponseHead.parse(headBytes);
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

    /// The worker asks for the connection of the WebSocket.
    record Borrow() implements Reply {}

    /// It gives that back.
    record GivenBack(LendableSocket.Back back) implements Reply {
        /// @throws FrameException if the payload isn't one
        public static GivenBack read(int flags, ByteBuf payload) {
            if (payload.readableBytes() < Long.BYTES + Integer.BYTES) {
                throw new FrameException("a connection that is given back without a length");
            }
            long written = payload.readLongLE();
            int count = payload.readIntLE();
            if (written < 0 || count < 0 || count > payload.readableBytes()) {
                throw new FrameException(
                        "a connection that is given back with %d bytes after %d".formatted(count, written));
            }
            byte[] unwritten = new byte[count];
            payload.readBytes(unwritten);
            byte[] unread = new byte[payload.readableBytes()];
            payload.readBytes(unread);
            return new GivenBack(new LendableSocket.Back(written, unwritten, unread, (flags & FrameType.QUIET) != 0));
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
