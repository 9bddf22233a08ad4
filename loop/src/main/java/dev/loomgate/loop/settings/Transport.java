package dev.loomgate.loop.settings;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a loop talks to the operating system.
public enum Transport {
    /// Linux's epoll, by Netty's native library: the default where it loads.
    EPOLL,
    /// Linux's io_uring, by Netty's native library.
    IO_URING,
    /// The JDK's selectors: everywhere. Unix sockets take a path, no abstract name.
    NIO;

    /// Epoll where it is available, else NIO.
    public static Transport preferred() {
        return EPOLL.unavailability() == null ? EPOLL : NIO;
    }

    /// Why this transport can't be used on this machine; empty if it can.
    public Optional<String> unavailableReason() {
        return Optional.ofNullable(unavailability()).map(Transport::rootMessage);
    }

    private @Nullable Throwable unavailability() {
        return switch (this) {
            case EPOLL -> Epoll.unavailabilityCause();
            case IO_URING -> IoUring.unavailabilityCause();
            case NIO -> null;
        };
    }

    private static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
