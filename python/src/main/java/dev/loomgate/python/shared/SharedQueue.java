package dev.loomgate.python.shared;

import dev.loomgate.python.SharedOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A ring of messages in memory, or in a file that uWSGI could take over:
///
/// ```
/// u64 push position, u64 pull position, then each slot: u64 length, u64 time, the message
/// ```
///
/// As in uWSGI, a push goes over what was never pulled. Used by one thread.
public final class SharedQueue {
    private static final int HEAD = 16;
    private static final int PULL_POSITION = 8;

    private final ByteBuffer memory;
    private final int slots;
    private final int blockBytes;

    /// @throws IllegalArgumentException if its file has another size, or can't be opened
    public SharedQueue(SharedOptions.Queue options) {
        slots = Math.toIntExact(options.slots());
        blockBytes = Math.toIntExact(options.blockBytes());
        long bytes = HEAD + options.slots() * options.blockBytes();
        Path store = options.store();
        memory = (store == null ? ByteBuffer.allocateDirect((int) bytes) : map(store, bytes))
                .order(ByteOrder.LITTLE_ENDIAN);
        if (position(0) >= slots || position(PULL_POSITION) >= slots) {
            throw new IllegalArgumentException(store + " holds no queue of " + slots + " messages");
        }
    }

    private static ByteBuffer map(Path store, long bytes) {
        try (FileChannel file =
                FileChannel.open(store, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            if (file.size() != 0 && file.size() != bytes) {
                throw new IllegalArgumentException(
                        "%s has %d bytes, and this queue %d: remove the file, or ask for as many messages of that size as before"
                                .formatted(store, file.size(), bytes));
            }
            return file.map(MapMode.READ_WRITE, 0, bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("the queue's file " + store + " can't be used: " + e, e);
        }
    }

    private long position(int at) {
        long position = memory.getLong(at);
        return position < 0 ? Long.MAX_VALUE : position;
    }

    private int slot(long number) {
        return HEAD + (int) number * blockBytes;
    }

    /// Puts a message into the next slot.
    ///
    /// @return whether it has room in a slot, and isn't empty
    public boolean push(byte[] message) {
        long position = position(0);
        if (!set(position, message)) {
            return false;
        }
        memory.putLong(0, (position + 1) % slots);
        return true;
    }

    /// Puts a message into a slot.
    ///
    /// @return whether there is such a slot, and it has room, and the message isn't empty
    public boolean set(long slot, byte[] message) {
        if (slot < 0 || slot >= slots || message.length == 0 || message.length > blockBytes - HEAD) {
            return false;
        }
        int at = slot(slot);
        memory.putLong(at, message.length);
        memory.putLong(at + Long.BYTES, System.currentTimeMillis() / 1000);
        memory.put(at + HEAD, message);
        return true;
    }

    /// The message in a slot; null if there is none.
    public byte @Nullable [] get(long slot) {
        if (slot < 0 || slot >= slots) {
            return null;
        }
        int at = slot(slot);
        long length = memory.getLong(at);
        if (length <= 0 || length > blockBytes - HEAD) {
            return null;
        }
        byte[] message = new byte[(int) length];
        memory.get(at + HEAD, message);
        return message;
    }

    private byte @Nullable [] take(long slot) {
        byte[] message = get(slot);
        memory.putLong(slot(slot), 0);
        return message;
    }

    /// Takes the message that was pushed last; null if there is none. The position goes back in either case, as in
    /// uWSGI.
    public byte @Nullable [] pop() {
        long position = position(0);
        long last = position == 0 ? slots - 1 : position - 1;
        memory.putLong(0, last);
        return take(last);
    }

    /// Takes the message that was pushed first; null if there is none.
    public byte @Nullable [] pull() {
        long position = position(PULL_POSITION);
        byte[] message = take(position);
        if (message != null) {
            memory.putLong(PULL_POSITION, (position + 1) % slots);
        }
        return message;
    }

    /// The slot of the next push.
    public long pushSlot() {
        return position(0);
    }

    /// The slot of the next pull.
    public long pullSlot() {
        return position(PULL_POSITION);
    }
}
