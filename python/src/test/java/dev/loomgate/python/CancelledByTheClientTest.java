package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.FastCgiRecords;
import dev.loomgate.testkit.client.Http2Frames;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests that a client cancels on a connection that goes on: RST_STREAM of HTTP/2, ABORT_REQUEST of
/// FastCGI. What the program sees is what it sees of a client that disconnects ([ClientGoneTest]).
@Timeout(120)
@Tag("timing")
final class CancelledByTheClientTest {
    /// How requests and their cancelling are written.
    enum Protocol {
        HTTP2 {
            @Override
            ListenAddress address() {
                return ListenAddress.http("127.0.0.1:0");
            }

            @Override
            byte[] beginning() {
                byte[] preface = Http2Frames.PREFACE.getBytes(StandardCharsets.US_ASCII);
                return both(preface, Http2Frames.frame(Http2Frames.SETTINGS, 0, 0));
            }

            @Override
            byte[] get(int request, String target) {
                return Http2Frames.frame(
                        Http2Frames.HEADERS,
                        Http2Frames.END_HEADERS | Http2Frames.END_STREAM,
                        stream(request),
                        Http2Frames.head("GET", target));
            }

            @Override
            byte[] upload(int request, String target, byte[] part, int length) {
                byte[] head = Http2Frames.frame(
                        Http2Frames.HEADERS,
                        Http2Frames.END_HEADERS,
                        stream(request),
                        Http2Frames.head("POST", target, "content-length", Integer.toString(length)));
                return both(head, Http2Frames.frame(Http2Frames.DATA, 0, stream(request), part));
            }

            @Override
            byte[] cancel(int request) {
                return Http2Frames.frame(Http2Frames.RST_STREAM, 0, stream(request), new byte[] {0, 0, 0, 8});
            }

            @Override
            byte[] nextContent(HttpPeer peer, int request) throws Exception {
                while (true) {
                    ByteBuffer header = ByteBuffer.wrap(peer.take(Http2Frames.FRAME_HEADER_BYTES));
                    int length = (header.getShort() & 0xffff) << 8 | (header.get() & 0xff);
                    int type = header.get();
                    int stream = header.getInt(5);
                    byte[] payload = peer.take(length);
                    if (type == Http2Frames.DATA && stream == stream(request) && length > 0) {
                        return payload;
                    }
                }
            }

            private int stream(int request) {
                return 2 * request - 1;
            }
        },
        FASTCGI {
            @Override
            ListenAddress address() {
                return ListenAddress.fastcgi("127.0.0.1:0");
            }

            @Override
            byte[] beginning() {
                return new byte[0];
            }

            @Override
            byte[] get(int request, String target) {
                return FastCgiRecords.of().get(request, target).bytes();
            }

            @Override
            byte[] upload(int request, String target, byte[] part, int length) {
                return FastCgiRecords.of()
                        .begin(request, true)
                        .params(request, "POST", target, "CONTENT_LENGTH", Integer.toString(length))
                        .input(request, part)
                        .bytes();
            }

            @Override
            byte[] cancel(int request) {
                return FastCgiRecords.of().abort(request).bytes();
            }

            @Override
            byte[] nextContent(HttpPeer peer, int request) throws Exception {
                while (true) {
                    ByteBuffer header = ByteBuffer.wrap(peer.take(8));
                    int type = header.get(1);
                    int id = header.getShort(2) & 0xffff;
                    byte[] content = peer.take(header.getShort(4) & 0xffff);
                    peer.take(header.get(6) & 0xff);
                    if (type == 6 && id == request && content.length > 0) {
                        return content;
                    }
                }
            }
        };

        abstract ListenAddress address();

        abstract byte[] beginning();

        abstract byte[] get(int request, String target);

        abstract byte[] upload(int request, String target, byte[] part, int length);

        abstract byte[] cancel(int request);

        /// The next piece of that request's content, or of its head as text; what comes of others is dropped.
        abstract byte[] nextContent(HttpPeer peer, int request) throws Exception;

        static byte[] both(byte[] one, byte[] other) {
            byte[] both = Arrays.copyOf(one, one.length + other.length);
            System.arraycopy(other, 0, both, one.length, other.length);
            return both;
        }
    }

    @TempDir
    private Path directory;

    static Stream<Arguments> modesOfEach() {
        return Stream.of(Protocol.values())
                .flatMap(protocol -> PythonApplicationTest.modes().stream().map(mode -> Arguments.of(protocol, mode)));
    }

    private Server start(Protocol protocol, WorkerMode mode) throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.program(directory).mode(mode).build());
        return Servers.start(site, List.of(protocol.address()), options -> {});
    }

    private void noted(String note) throws Exception {
        Eventually.await(
                () -> note + " in " + TestPrograms.notes(directory),
                () -> TestPrograms.notes(directory).stream().anyMatch(line -> line.matches(note)));
    }

    // The connection goes on, and the worker is free for the next request.
    private static void assertGoesOn(Protocol protocol, HttpPeer peer) throws Exception {
        String come = "";
        peer.send(protocol.get(2, "/"));
        while (!come.contains("hello")) {
            come += new String(protocol.nextContent(peer, 2), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @MethodSource("modesOfEach")
    void theIterableIsClosed(Protocol protocol, WorkerMode mode) throws Exception {
        try (Server server = start(protocol, mode);
                HttpPeer peer = Servers.peer(server).send(protocol.beginning())) {
            peer.send(protocol.get(1, "/stream?count=100000&size=100&pause=0.01"));
            protocol.nextContent(peer, 1);

            peer.send(protocol.cancel(1));

            noted("closed with [0-9]+ left");
            assertGoesOn(protocol, peer);
        }
    }

    @ParameterizedTest
    @MethodSource("modesOfEach")
    void aReadOfTheBodyEnds(Protocol protocol, WorkerMode mode) throws Exception {
        try (Server server = start(protocol, mode);
                HttpPeer peer = Servers.peer(server).send(protocol.beginning())) {
            peer.send(protocol.upload(1, "/count?name=upload", new byte[10_000], 1_000_000));
            noted("began upload");

            peer.send(protocol.cancel(1));

            noted("(OSError|RequestCancelled) in upload");
            assertGoesOn(protocol, peer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGreenletThatWaitsIsEnded(Protocol protocol) throws Exception {
        try (Server server = start(protocol, new WorkerMode.Asyncio(16));
                HttpPeer peer = Servers.peer(server).send(protocol.beginning())) {
            peer.send(protocol.get(1, "/wait?name=left"));
            noted("began left");

            peer.send(protocol.cancel(1));

            noted("RequestCancelled in left");
            assertGoesOn(protocol, peer);
        }
    }

    // In mode sync a request that waits for a worker is given up.
    @ParameterizedTest
    @EnumSource
    void aRequestThatHasNotBegunNeverDoes(Protocol protocol) throws Exception {
        try (Server server = start(protocol, new WorkerMode.Sync());
                HttpPeer other = Servers.peer(server).send(protocol.beginning());
                HttpPeer peer = Servers.peer(server).send(protocol.beginning())) {
            other.send(protocol.get(1, "/sleep?seconds=1&name=first"));
            noted("began first");
            peer.send(protocol.get(1, "/sleep?seconds=0&name=gone"));

            peer.send(protocol.cancel(1));

            assertGoesOn(protocol, peer);
            assertThat(TestPrograms.notes(directory)).contains("ended first").noneMatch(line -> line.contains("gone"));
        }
    }
}
