package dev.loomgate.loop.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.settings.Transport;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NotWokenAtItsEndTest {
    private final Netty netty = new Netty();
    private final Thread loop = new Thread(() -> {});
    private final IoHandler handler = handler(loop);

    private IoHandler handler(Thread itsThread) {
        return new NotWokenAtItsEnd(factory(netty)).newHandler(new Executor(itsThread));
    }

    @Test
    void itIsWokenBefore() {
        handler.wakeup();
        handler.wakeup();
        assertThat(netty.woken).hasValue(2);
    }

    @Test
    void itsOwnThreadNeedNotWakeIt() {
        handler(Thread.currentThread()).wakeup();
        assertThat(netty.woken).hasValue(0);
    }

    @Test
    void itsEndWaitsForWhoIsWakingIt() throws Exception {
        netty.wakeupTakesMillis = 200;
        Thread waker = new Thread(handler::wakeup);
        waker.start();
        assertThat(netty.isBeingWoken.await(10, TimeUnit.SECONDS)).isTrue();
        Thread end = new Thread(handler::prepareToDestroy);
        end.start();
        waker.join(10_000);
        assertThat(netty.endedMeanwhile).isFalse();
        assertThat(netty.ends.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoComesLaterDoesNotWakeIt() {
        handler.prepareToDestroy();
        handler.wakeup();
        handler.prepareToDestroy();
        handler.destroy();
        handler.wakeup();
        assertThat(netty.woken).hasValue(0);
    }

    @Test
    void ioUringIsHandledSo() {
        assertThat(Transport.IO_URING.unavailableReason().isPresent()
                        || NettyTransport.ioHandlerFactory(Transport.IO_URING) instanceof NotWokenAtItsEnd)
                .isTrue();
    }

    private static IoHandlerFactory factory(IoHandler handler) {
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return handler;
            }

            @Override
            public boolean isChangingThreadSupported() {
                return false;
            }
        };
    }

    private record Executor(Thread thread) implements ThreadAwareExecutor {
        @Override
        public boolean isExecutorThread(Thread other) {
            return thread == other;
        }

        @Override
        public void execute(Runnable command) {
            throw new UnsupportedOperationException();
        }
    }

    /// Notes whether it was asked to end while it was being woken: the real one can't be made to be on demand.
    private static final class Netty implements IoHandler {
        private final AtomicInteger woken = new AtomicInteger();
        private final CountDownLatch isBeingWoken = new CountDownLatch(1);
        private final CountDownLatch ends = new CountDownLatch(1);
        private volatile int wakeupTakesMillis;
        private volatile boolean endedMeanwhile;

        @Override
        public void wakeup() {
            woken.incrementAndGet();
            isBeingWoken.countDown();
            try {
                endedMeanwhile = ends.await(wakeupTakesMillis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void prepareToDestroy() {
            ends.countDown();
        }

        @Override
        public void destroy() {}

        @Override
        public int run(IoHandlerContext context) {
            return 0;
        }

        @Override
        public IoRegistration register(IoHandle handle) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return false;
        }
    }
}
