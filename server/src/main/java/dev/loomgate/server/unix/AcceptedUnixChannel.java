package dev.loomgate.server.unix;

import dev.loomgate.loop.io.LoopSide;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.IovArray;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// An accepted connection on a unix socket, for requests that are short-lived: nginx opens one for each uwsgi
/// request.
///
/// It does without what such a connection hardly ever needs. Netty's own channel asks the kernel for both
/// addresses, enters the socket into epoll and takes it out again: ten system calls for each connection, measured
/// with strace. Here
///
/// - the first read is tried at once, since a client that has connected has mostly written already;
/// - epoll hears of the socket only if the client is waited for after the microthreads had a turn, or, when
/// nothing but its end can still come, some milliseconds later: a request that is answered by then costs
/// `accept4`, `read`, `write`, `close`, and nothing else;
/// - it is entered edge-triggered, once, and goes with the `close`;
/// - the addresses are known without asking: a client of a unix socket has none.
///
/// Loop side only, as every channel.
final class AcceptedUnixChannel extends UnixDuplexChannel {
    private static final EpollIoOps INPUT =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);
    private static final EpollIoOps INPUT_AND_OUTPUT = INPUT.with(EpollIoOps.EPOLLOUT);
    private static final int EPOLLOUT = EpollIoOps.EPOLLOUT.value();
    private static final int EPOLLHUP = 0x10; // epoll_ctl(2); always reported, and not among Netty's constants

    private static final int FIRST_READ_BYTES = 2 * 1024;
    private static final int MAX_READ_BYTES = 64 * 1024;
    private static final int MAX_READS_AT_ONCE = 16;
    private static final int MAX_GATHERED = 256;
    private static final long MAX_GATHERED_BYTES = 1024 * 1024;

    // A loop's own, off the heap until its thread ends.
    private static final FastThreadLocal<IovArray> GATHERED = new FastThreadLocal<>() {
        @Override
        protected IovArray initialValue() {
            return new IovArray(MAX_GATHERED);
        }

        @Override
        protected void onRemoval(IovArray pieces) {
            pieces.release();
        }
    };

    private final UnixChannelConfig config = new UnixChannelConfig(this, () -> readPending = false);
    private @Nullable IoRegistration registration;

    private boolean readPending;
    private boolean readable = true; // as far as we know: nothing has said otherwise yet
    private boolean hungUp; // the client has ended its side, or both
    private boolean outputBlocked;
    private boolean inputComplete; // its protocol expects nothing more
    private int readBytes = FIRST_READ_BYTES;
    private byte @Nullable [] readBefore; // by who handed the connection over
    private boolean handedOver;

    AcceptedUnixChannel(UnixServerChannel parent, int fd) {
        super(parent, new FileDescriptor(fd));
    }

    /// A connection that somebody else has accepted, and begun to read from.
    ///
    /// @param read what has been read from it: comes first
    AcceptedUnixChannel(UnixServerChannel parent, int fd, byte[] read) {
        this(parent, fd);
        handedOver = true;
        readBefore = read.length == 0 ? null : read;
    }

    // Epoll

    private final class Handle implements EpollIoHandle {
        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void handle(IoRegistration itsRegistration, IoEvent event) {
            int ops = ((EpollIoEvent) event).ops().value();
            if ((ops & EPOLLOUT) != 0) {
                outputBlocked = false;
                ((Unsafe) unsafe()).flushAgain();
            }
            if ((ops & ~EPOLLOUT) != 0) {
                readable = true;
                hungUp |= (ops & ~(EPOLLOUT | EpollIoOps.EPOLLIN.value())) != 0;
                if (readPending || hungUp) {
                    read0();
                }
                if ((ops & EPOLLHUP) != 0 && isOpen()) {
                    unsafe().close(voidPromise()); // the client disconnected: nobody is left to answer
                }
            }
        }

        @Override
        public void close() {
            unsafe().close(voidPromise());
        }
    }

    private void waitForEvents() {
        if (isOpen() && registration == null) {
            ((IoEventLoop) eventLoop()).register(new Handle()).addListener(done -> {
                if (done.isSuccess()) {
                    registration = (IoRegistration) done.getNow();
                    registration.submit(outputBlocked ? INPUT_AND_OUTPUT : INPUT);
                } else {
                    pipeline().fireExceptionCaught(done.cause());
                    unsafe().close(voidPromise());
                }
            });
        }
    }

    // Reading

    @Override
    protected void doBeginRead() {
        if (isInputShutdown()) {
            return;
        }
        readPending = true;
        if (readable) {
            eventLoop().execute(this::readIfPending);
        }
    }

    private void readIfPending() {
        if (readPending && isOpen()) {
            read0();
        }
    }

    private void read0() {
        byte[] before = readBefore;
        if (before != null) {
            readBefore = null;
            passOn(before);
            return;
        }
        readPending = false;
        boolean atEnd = false;
        try {
            for (int i = 0; i < MAX_READS_AT_ONCE && isOpen(); i++) {
                ByteBuf in = config.getAllocator().ioBuffer(readBytes);
                int count;
                try {
                    count = socket.readAddress(in.memoryAddress(), in.writerIndex(), in.capacity());
                } catch (Throwable e) {
                    in.release();
                    throw e;
                }
                if (count <= 0) {
                    in.release();
                    atEnd = count < 0;
                    readable = false;
                    break;
                }
                boolean full = count == in.writableBytes();
                // A short read has emptied the socket (epoll(7)); except for the end, which would not be reported
                // again.
                readable = full || hungUp;
                if (full) {
                    readBytes = Math.min(2 * readBytes, MAX_READ_BYTES);
                }
                pipeline().fireChannelRead(in.writerIndex(in.writerIndex() + count));
                if (!readable || (!config.isAutoRead() && !hungUp)) {
                    break;
                }
            }
            pipeline().fireChannelReadComplete();
        } catch (IOException e) {
            pipeline().fireChannelReadComplete();
            pipeline().fireExceptionCaught(e);
            atEnd = true;
            hungUp = true;
        }
        if (atEnd) {
            clientEnded();
            return;
        }
        if (hungUp && readable && !readPending) {
            eventLoop().execute(this::readOn);
        }
    }

    private void passOn(byte[] before) {
        readPending = false;
        pipeline().fireChannelRead(config.getAllocator().ioBuffer(before.length).writeBytes(before));
        pipeline().fireChannelReadComplete();
        if (hungUp && !readPending) {
            eventLoop().execute(this::readOn);
        }
    }

    private void readOn() {
        if (isOpen() && !isInputShutdown()) {
            read0();
        }
    }

    private void clientEnded() {
        if (isInputShutdown() || !isOpen()) {
            return;
        }
        inputHasEnded();
        if (config.allowsHalfClosure()) {
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        } else {
            unsafe().close(voidPromise());
        }
    }

    // Writing

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws Exception {
        for (int spins = config.getWriteSpinCount(); !out.isEmpty(); spins--) {
            if (spins == 0) {
                eventLoop().execute(((Unsafe) unsafe())::flushAgain);
                return;
            }
            if (!writeSome(out)) {
                outputBlocked = true;
                if (registration != null) {
                    registration.submit(INPUT_AND_OUTPUT);
                } else {
                    waitForEvents();
                }
                return;
            }
        }
    }

    /// Returns false if the socket takes nothing more for now.
    private boolean writeSome(ChannelOutboundBuffer out) throws Exception {
        return switch (out.current()) {
            case ByteBuf first when out.size() == 1 && first.hasMemoryAddress() -> writeOne(out, first);
            case ByteBuf first -> writeGathered(out);
            case FileRegion file -> writeFile(out, file);
            case Object other -> throw new IllegalStateException("no bytes: " + other);
        };
    }

    private boolean writeOne(ChannelOutboundBuffer out, ByteBuf bytes) throws IOException {
        int sent = bytes.isReadable()
                ? socket.writeAddress(bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex())
                : 0;
        boolean took = sent > 0 || !bytes.isReadable();
        out.removeBytes(sent);
        return took;
    }

    // By addresses: the buffer's nioBuffers() are made once, and don't follow what has been sent of the last of them.
    private boolean writeGathered(ChannelOutboundBuffer out) throws Exception {
        IovArray pieces = GATHERED.get();
        pieces.clear();
        pieces.maxBytes(MAX_GATHERED_BYTES);
        out.forEachFlushedMessage(pieces);
        if (pieces.count() == 0) {
            out.removeBytes(0); // only empty ones
            return true;
        }
        long sent = socket.writevAddresses(pieces.memoryAddress(0), pieces.count());
        out.removeBytes(sent);
        return sent > 0;
    }

    private boolean writeFile(ChannelOutboundBuffer out, FileRegion file) throws IOException {
        if (file.transferred() < file.count()) {
            long sent = SendFile.send(file, asSocket());
            if (sent == 0) {
                if (file instanceof DefaultFileRegion region) {
                    validateFileRegion(region, file.transferred()); // it may have been cut meanwhile
                }
                return false;
            }
            out.progress(sent);
        }
        if (file.transferred() >= file.count()) {
            out.remove();
        }
        return true;
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf bytes) {
            return bytes.isDirect() ? bytes : directCopy(bytes);
        }
        if (message instanceof FileRegion) {
            return message;
        }
        throw new UnsupportedOperationException("a unix channel writes bytes and files, not " + message.getClass());
    }

    private ByteBuf directCopy(ByteBuf bytes) {
        try {
            return config.getAllocator().directBuffer(bytes.readableBytes()).writeBytes(bytes);
        } finally {
            bytes.release();
        }
    }

    // Opening and closing

    private final class Unsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress from, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("an accepted connection"));
        }

        void flushAgain() {
            if (isOpen() && !outputBlocked) {
                super.flush0();
            }
        }

        @Override
        protected void flush0() {
            if (!outputBlocked) {
                super.flush0();
            }
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new Unsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isCompatible(Handle.class);
    }

    @Override
    protected void doClose() throws IOException {
        if (handedOver) {
            // Another process may still have it. Then the close alone would leave it in epoll, where its client's
            // end would be taken for that of the next connection with this number.
            doDeregister();
        }
        try {
            super.doClose();
        } finally {
            // Now, for the next accepted connection may get the same number; and after the close, which has taken the
            // socket out of epoll without a further call.
            doDeregister();
        }
    }

    /// So many bytes are still to come from the client: they are read at once, if they are there.
    void expects(long bytes) {
        // One more, for a read that fills its buffer doesn't show that the socket is empty.
        readBytes = Math.clamp(bytes + 1, FIRST_READ_BYTES, MAX_READ_BYTES);
    }

    /// All that can still come from the client is that it disconnects.
    void inputIsComplete() {
        inputComplete = true;
    }

    /// Not with epoll yet, but after the microthreads had a turn: they may have answered by then, so that there is
    /// nothing to wait for.
    @Override
    protected void doRegister(ChannelPromise promise) {
        LoopSide.of(eventLoop()).afterMicrothreads(this::waitForInput);
        promise.setSuccess();
    }

    private void waitForInput() {
        if (!isOpen()) {
            return;
        }
        if (inputComplete) {
            DelayedTasks.of(LoopSide.of(eventLoop())).add(this::waitForEvents);
        } else {
            waitForEvents();
        }
    }

    @Override
    protected void doDeregister() {
        if (registration != null) {
            registration.cancel();
        }
    }

    @Override
    public ChannelConfig config() {
        return config;
    }
}
