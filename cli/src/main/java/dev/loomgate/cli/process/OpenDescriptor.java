package dev.loomgate.cli.process;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/// A descriptor that this process was started with, to be written to: Java can't use one by its number. It is never
/// closed. For one thread at a time.
public final class OpenDescriptor extends OutputStream {
    private static final class Function {
        static final MethodHandle WRITE = NativeFunctions.find(
                "write", NativeFunctions.LONG, NativeFunctions.INT, ValueLayout.ADDRESS, NativeFunctions.LONG);
    }

    private final int number;

    private OpenDescriptor(int number) {
        this.number = number;
    }

    /// The descriptor of that number.
    ///
    /// @throws IOException if none is open
    public static OutputStream output(int number) throws IOException {
        OpenDescriptor descriptor = new OpenDescriptor(number);
        descriptor.writeSome(new byte[0], 0, 0); // which says whether it is open
        return descriptor;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int at = offset;
        while (at < offset + length) {
            at += writeSome(bytes, at, offset + length - at);
        }
    }

    private int writeSome(byte[] bytes, int offset, int length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(NativeFunctions.state());
            MemorySegment some = arena.allocate(Math.max(1, length));
            MemorySegment.copy(bytes, offset, some, ValueLayout.JAVA_BYTE, 0, length);
            long written = call(state, some, length);
            if (written < 0) {
                throw NativeFunctions.failure("write", NativeFunctions.errno(state));
            }
            return (int) written;
        }
    }

    private long call(MemorySegment state, MemorySegment bytes, long length) {
        try {
            return (long) Function.WRITE.invokeExact(state, number, bytes, length);
        } catch (Throwable e) {
            throw new IllegalStateException("write can't be called", e);
        }
    }
}
