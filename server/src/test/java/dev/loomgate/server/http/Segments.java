package dev.loomgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Ways in which a peer's bytes may arrive.
final class Segments {
    private Segments() {}

    /// The bytes whole, one by one, and in two pieces split at every point.
    static Stream<List<ByteBuf>> ways(byte[] bytes) {
        Stream<List<ByteBuf>> splits = IntStream.range(1, bytes.length)
                .mapToObj(at -> List.of(part(bytes, 0, at), part(bytes, at, bytes.length)));
        return Stream.concat(Stream.of(List.of(part(bytes, 0, bytes.length)), oneByOne(bytes)), splits);
    }

    private static List<ByteBuf> oneByOne(byte[] bytes) {
        List<ByteBuf> parts = new ArrayList<>();
        for (int i = 0; i < bytes.length; i++) {
            parts.add(part(bytes, i, i + 1));
        }
        return parts;
    }

    private static ByteBuf part(byte[] bytes, int from, int to) {
        return Unpooled.wrappedBuffer(bytes, from, to - from);
    }
}
