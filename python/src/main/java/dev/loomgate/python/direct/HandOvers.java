package dev.loomgate.python.direct;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;

/// Brings together what a worker hands over: a connection comes on `descriptors`, what is to be done with it in a frame
/// on `data`. Both come in the same order; either may come first. Loop side only.
final class HandOvers {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");

    private final Deque<Integer> descriptors = new ArrayDeque<>(0);
    private final Deque<IntConsumer> frames = new ArrayDeque<>(0);
    private boolean closed;

    /// A connection has come; it is closed if it will not be told what to do with it.
    void descriptor(int descriptor) {
        if (closed) {
            close(descriptor);
            return;
        }
        descriptors.addLast(descriptor);
        match();
    }

    /// A frame has come.
    ///
    /// @param taker gets the connection, which is its own from then on
    void frame(IntConsumer taker) {
        if (!closed) {
            frames.addLast(taker);
            match();
        }
    }

    private void match() {
        while (!descriptors.isEmpty() && !frames.isEmpty()) {
            frames.removeFirst().accept(descriptors.removeFirst());
        }
    }

    /// Nothing more comes: connections without a frame are closed.
    ///
    /// @return how many there were of either kind
    int close() {
        closed = true;
        int left = descriptors.size() + frames.size();
        frames.clear();
        while (!descriptors.isEmpty()) {
            close(descriptors.removeFirst());
        }
        return left;
    }

    private static void close(int descriptor) {
        try {
            new FileDescriptor(descriptor).close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection can''t be closed: {0}", e.getMessage());
        }
    }
}
