package dev.loomgate.loop.io;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/// An io_uring handler that nobody wakes any more when it begins to end.
///
/// Else the kernel may write into memory that has been freed. A wake-up writes to an eventfd, which the ring
/// reads into 8 bytes of Netty's (4.2.18). At its end Netty's handler
///
/// - asks for one more such read, behind a request with `IOSQE_IO_DRAIN`: the kernel gives it to a thread of
/// its own;
/// - cancels that read by a request that waits behind the same one, and so may come too late;
/// - waits for what is under way with `IORING_OP_LINK_TIMEOUT`, which the kernel refuses (EINVAL: its offset
/// is not 0), so there is no wait;
/// - closes the ring, which the kernel takes apart later, and frees the 8 bytes.
///
/// A thread that has begun to wake the handler and writes only then gives the read something to read, and the
/// kernel writes a 1 to where malloc keeps its lists by then, or another owner his data. A read that has
/// nothing to read writes nothing, and ends with the ring. So here the end waits for those who are waking the
/// handler; who comes later needn't, since it never waits for I/O again.
record NotWokenAtItsEnd(IoHandlerFactory netty) implements IoHandlerFactory {
    @Override
    public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new Handler(executor, netty.newHandler(executor));
    }

    @Override
    public boolean isChangingThreadSupported() {
        return netty.isChangingThreadSupported();
    }

    private static final class Handler extends ForwardingIoHandler {
        private static final int ENDS = 1 << 30;

        private final ThreadAwareExecutor executor;

        // How many threads are waking it; ENDS more from its end on.
        private final AtomicInteger waking = new AtomicInteger();

        Handler(ThreadAwareExecutor executor, IoHandler netty) {
            super(netty);
            this.executor = executor;
        }

        @Override
        public void wakeup() {
            if (executor.isExecutorThread(Thread.currentThread())) {
                return;
            }
            try {
                if (waking.incrementAndGet() < ENDS) {
                    super.wakeup();
                }
            } finally {
                waking.decrementAndGet();
            }
        }

        @Override
        public void prepareToDestroy() {
            if (waking.get() < ENDS) {
                waking.addAndGet(ENDS);
            }
            // One write(2) to an eventfd each, which doesn't block.
            while (waking.get() != ENDS) {
                Thread.onSpinWait();
            }
            super.prepareToDestroy();
        }
    }
}
