package dev.loomgate.server.http2;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Streams that have something to send, in the order in which they do: the most urgent first; of those that are equally
/// urgent one after the other, except that incremental ones take turns (RFC 9218 section 10). Loop side only.
final class SendQueue {
    private final List<ArrayDeque<Http2Stream>> levels = new ArrayList<>(Priority.LEVELS);
    private int size;

    SendQueue() {
        for (int i = 0; i < Priority.LEVELS; i++) {
            levels.add(new ArrayDeque<>(1));
        }
    }

    /// Behind those that are equally urgent.
    void add(Http2Stream stream) {
        levels.get(stream.priority().urgency()).addLast(stream);
        size++;
    }

    /// A stream that has had its turn, and has more to send.
    void addAgain(Http2Stream stream) {
        ArrayDeque<Http2Stream> level = levels.get(stream.priority().urgency());
        if (stream.priority().incremental()) {
            level.addLast(stream);
        } else {
            level.addFirst(stream);
        }
        size++;
    }

    /// Takes the next one; null if there is none.
    @Nullable
    Http2Stream take() {
        if (size == 0) {
            return null;
        }
        for (ArrayDeque<Http2Stream> level : levels) {
            Http2Stream stream = level.pollFirst();
            if (stream != null) {
                size--;
                return stream;
            }
        }
        return null;
    }

    /// Takes one out, at the urgency that it was added with.
    void remove(Http2Stream stream) {
        if (levels.get(stream.priority().urgency()).remove(stream)) {
            size--;
        }
    }
}
