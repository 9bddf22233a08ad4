package dev.loomgate.server.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Keeps new clients off a TCP socket that is about to be closed, without failing those that are connecting.
///
/// Closing a listening socket resets every connection in the kernel's queue, and there is always another one
/// between the last accept and the close. So the kernel is told to drop each packet that begins a connection.
/// Handshakes that are under way complete and are accepted; who comes too late tries again and then finds the port
/// closed.
///
/// ```
///  ldb [13]            the flags in the TCP header
///  and #0x12           SYN and ACK
///  jeq #0x02, 0, 1     SYN alone?
///  ret #0              drop
///  ret #0xffffffff     take
/// ```
/// Source: Linux, Documentation/networking/filter.rst (classic BPF, SO_ATTACH_FILTER).
final class SynFilter {
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int PROGRAM_BYTES = 16; // struct sock_fprog: u16 length, padding, pointer

    // struct sock_filter: u16 code, u8 jump if true, u8 jump if false, u32 operand
    private static final long[] INSTRUCTIONS = {
        instruction(0x30, 0, 0, 13),
        instruction(0x54, 0, 0, 0x12),
        instruction(0x15, 0, 1, 0x02),
        instruction(0x06, 0, 0, 0),
        instruction(0x06, 0, 0, 0xffffffffL)
    };

    private SynFilter() {}

    private static long instruction(int code, int ifTrue, int ifFalse, long operand) {
        return code | (long) ifTrue << 16 | (long) ifFalse << 24 | operand << 32;
    }

    /// Attaches the filter, where the channel is one of Netty's native ones on a little-endian machine.
    ///
    /// @return whether it is attached
    static boolean attach(Channel channel) {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            return false;
        }
        RawUnixChannelOption option =
                new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM_BYTES);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocateFrom(ValueLayout.JAVA_LONG, INSTRUCTIONS);
            ByteBuffer program = ByteBuffer.allocateDirect(PROGRAM_BYTES).order(ByteOrder.nativeOrder());
            program.putShort(0, (short) INSTRUCTIONS.length).putLong(8, code.address());
            return channel.config().setOption(option, program);
        } catch (ChannelException e) {
            // Some kernels let only root do so.
            return false;
        }
    }
}
