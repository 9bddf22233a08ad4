package dev.loomgate.python.connection;

import dev.loomgate.loop.Loop;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Frames on their way to a worker: those of a turn of the loop are sent together. Loop side only.
public final class Outbox {
    private final Loop loop;
    private final Connections connections;
    private @Nullable ByteBuf frames;

    public Outbox(Loop loop, Connections connections) {
        this.loop = loop;
        this.connections = connections;
    }

    /// Where to append frames.
    public ByteBuf frames() {
        ByteBuf buffer = frames;
        if (buffer == null) {
            buffer = connections.newBuffer();
            frames = buffer;
            // It comes after what the loop side still has to do in this turn, so many frames go out at once.
            loop.side().execute(this::flush);
        }
        return buffer;
    }

    /// Sends what is there.
    public void flush() {
        ByteBuf buffer = frames;
        frames = null;
        if (buffer != null) {
            connections.send(buffer);
        }
    }

    /// Drops what is there.
    public void close() {
        if (frames != null) {
            frames.release();
            frames = null;
        }
    }
}
