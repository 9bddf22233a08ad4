package dev.loomgate.server.websocket;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.direct.LendableSocket;
import dev.loomgate.server.WebSocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A WebSocket after its handshake, between the application's threads and the loop side.
///
/// ```
///  loop side                                                application
///  received(bytes) -> FrameReader -> IncomingMessages -------> receive    waits while there is none
///                          |  pongs, closes
///  take() <------------------------- OutgoingFrames <--------- send       waits while the client is slow
/// ```
/// While messages wait to be received, [#wantsBytes] is false, and the one that carries the bytes takes no more of the
/// client. It is over when both sides have sent a close frame, or the client has broken the protocol and been told so.
public final class OpenSocket implements WebSocket, LendableSocket {
    private static final int LAST = 0x80;
    private static final int COMPRESSED = 0x40;
    private static final long NONE = Long.MIN_VALUE;

    private final @Nullable String subprotocol;
    private final FrameReader reader;
    private final WebSocketOptions options;
    private final Runnable handOver;
    private final IncomingMessages incoming;
    private final OutgoingFrames outgoing;

    // One message at a time is sent, and compressed.
    private final ReentrantLock sending = new ReentrantLock(true);
    private final @Nullable MessageDeflater deflater;

    // Set by the application, looked at by the loop side.
    private volatile @Nullable Consumer<byte[]> onPing;
    private volatile @Nullable Consumer<byte[]> onPong;

    // Of an application that wants the connection, or gives it back: taken by the loop side.
    private final AtomicReference<@Nullable Borrower> asking = new AtomicReference<>();
    private final AtomicReference<@Nullable Back> givenBack = new AtomicReference<>();

    // Loop side only.
    private @Nullable Borrower borrower; // has the connection, or is about to
    private boolean wantedBack;
    private boolean attaching; // it is back, but can't be read and written yet
    private boolean backQuiet;
    private @Nullable ByteBuf unread;
    private boolean peerClosed;
    private Received.@Nullable Violation violation;
    private boolean heard;
    private long quietSince = NONE;
    private boolean pinged;
    private long closingSince = NONE;

    OpenSocket(
            @Nullable String subprotocol,
            FrameReader reader,
            @Nullable MessageDeflater deflater,
            WebSocketOptions options,
            Runnable handOver) {
        this.subprotocol = subprotocol;
        this.reader = reader;
        this.deflater = deflater;
        this.options = options;
        this.handOver = handOver;
        this.incoming = new IncomingMessages(handOver);
        this.outgoing = new OutgoingFrames(handOver);
    }

    // ---- the application

    @Override
    public Message receive() throws InterruptedException {
        while (true) {
            Message message = messageOf(incoming.take());
            if (message != null) {
                return message;
            }
        }
    }

    /// The next message if there is one, or null. The receiver's thread.
    public @Nullable Message receiveNow() throws InterruptedException {
        Message message = null;
        while (message == null && !incoming.isEmpty()) {
            message = messageOf(incoming.take());
        }
        return message;
    }

    // Null for a ping or a pong, which is told.
    private @Nullable Message messageOf(Received found) {
        return switch (found) {
            case Received.Message(Message message) -> message;
            case Received.Close(Closed why) -> why;
            case Received.Ping(byte[] payload) -> tell(onPing, payload);
            case Received.Pong(byte[] payload) -> tell(onPong, payload);
            case Received.Lent(Runnable tell) -> {
                tell.run();
                yield null;
            }
            case Received.Incomplete _, Received.Violation _ ->
                throw new IllegalStateException("not for the application: " + found);
        };
    }

    private static @Nullable Message tell(@Nullable Consumer<byte[]> action, byte[] payload) {
        if (action != null) {
            action.accept(payload);
        }
        return null;
    }

    @Override
    public void onPing(Consumer<byte[]> action) {
        onPing = action;
    }

    @Override
    public void onPong(Consumer<byte[]> action) {
        onPong = action;
    }

    @Override
    public void ping(byte[] data) throws IOException {
        sendControl(Opcode.PING, data);
    }

    @Override
    public void pong(byte[] data) throws IOException {
        sendControl(Opcode.PONG, data);
    }

    private void sendControl(int opcode, byte[] data) throws ClientGone, InterruptedIOException {
        if (data.length > MAX_CONTROL_BYTES) {
            throw new IllegalArgumentException(
                    "a ping or pong of %d bytes, the most are %d".formatted(data.length, MAX_CONTROL_BYTES));
        }
        inTurn(() -> outgoing.put(LAST | opcode, data));
    }

    @Override
    public void send(String text) throws IOException {
        if (hasLoneSurrogate(text)) {
            throw new IllegalArgumentException("the text has a surrogate without its pair");
        }
        send(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        send(Opcode.BINARY, bytes);
    }

    private void send(int opcode, byte[] message) throws ClientGone, InterruptedIOException {
        inTurn(() -> {
            byte[] compressed = deflater == null || outgoing.isGone() ? null : deflater.deflate(message);
            if (compressed == null) {
                outgoing.put(LAST | opcode, message);
            } else {
                putCompressed(opcode, compressed);
            }
        });
    }

    private interface Sending {
        void send() throws ClientGone, InterruptedIOException;
    }

    private void inTurn(Sending what) throws ClientGone, InterruptedIOException {
        try {
            sending.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another message is sent");
        }
        try {
            what.send();
        } finally {
            sending.unlock();
            releaseDeflater();
        }
    }

    private void putCompressed(int opcode, byte[] compressed) throws ClientGone, InterruptedIOException {
        try {
            outgoing.put(LAST | COMPRESSED | opcode, compressed);
        } catch (InterruptedIOException e) {
            // Later messages may refer to this one.
            outgoing.breakOff();
            throw e;
        }
    }

    // By the one that comes last, the sender or the loop side. The lock is never waited for.
    private void releaseDeflater() {
        if (deflater != null && outgoing.isGone() && sending.tryLock()) {
            try {
                deflater.release();
            } finally {
                sending.unlock();
            }
        }
    }

    @Override
    public void close(int code, String reason) {
        if (!WebSocket.mayBeSent(code)) {
            throw new IllegalArgumentException("close code " + code + " may not be sent");
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        if (text.length > MAX_REASON_BYTES) {
            throw new IllegalArgumentException(
                    "a closing reason of %d bytes, the most are %d".formatted(text.length, MAX_REASON_BYTES));
        }
        if (outgoing.close(payload(code, text))) {
            handOver.run();
        }
    }

    private static byte[] payload(int code, byte[] reason) {
        byte[] payload = new byte[2 + reason.length];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(reason, 0, payload, 2, reason.length);
        return payload;
    }

    @Override
    public @Nullable String subprotocol() {
        return subprotocol;
    }

    /// The handler has returned, or thrown: closes with that code if nobody has closed yet, and drops what still comes.
    /// The receiver's thread.
    public void handled(int code) {
        incoming.discard();
        close(code, "");
    }

    // ---- lending the connection

    @Override
    public void lend(Borrower wanted) {
        asking.set(wanted);
        handOver.run();
    }

    @Override
    public void giveBack(Back back) {
        asking.set(null);
        // One that the loop side hasn't seen yet has what it needs; this is then a second one, at the end.
        givenBack.compareAndSet(null, back);
        handOver.run();
    }

    /// Lends the connection, if the application has asked for it and that can be. Loop side, when everything has been
    /// sent.
    public void lendIfAsked(LentConnection connection) {
        Borrower wanted = asking.getAndSet(null);
        if (wanted == null) {
            return;
        }
        boolean forNow = deflater == null && connection.isDetachable();
        if (!forNow || !mayBeLent()) {
            wanted.refused(forNow);
            return;
        }
        borrower = wanted;
        wantedBack = false;
        connection.detach(descriptor -> detached(wanted, descriptor));
    }

    private void detached(Borrower wanted, int descriptor) {
        if (borrower != wanted) {
            return; // who doesn't want it any more
        }
        if (descriptor < 0) {
            borrower = null;
            wanted.refused(true);
        } else if (mayBeLent()) {
            // The receiver tells, so that nothing of its overtakes what it has passed on.
            incoming.put(new Received.Lent(() -> wanted.lent(descriptor)));
        } else {
            wanted.refused(true);
            if (givenBack.compareAndSet(null, Back.withNothing())) {
                handOver.run();
            }
        }
    }

    // An application that doesn't receive what waits must be able to send nevertheless: it would wait for the answer.
    private boolean mayBeLent() {
        return unread == null
                && !peerClosed
                && violation == null
                && !pinged
                && !backQuiet
                && outgoing.isEmpty()
                && !outgoing.isClosing()
                && !outgoing.isGone()
                && reader.isBetweenMessages()
                && incoming.isAwaited();
    }

    /// Whether the application has the connection, so that nobody else reads or writes it. Has it asked for it if the
    /// socket is to be closed. Loop side.
    public boolean isLent() {
        Borrower its = borrower;
        if (its != null && outgoing.isClosing() && !wantedBack) {
            wantedBack = true;
            its.wanted();
        }
        return its != null || attaching;
    }

    /// Takes the connection back if the application has given it back: it is to be attached. Loop side.
    public @Nullable Back takeBack() {
        Back back = givenBack.getAndSet(null);
        if (back == null || borrower == null) {
            return null;
        }
        borrower = null;
        attaching = true;
        quietSince = NONE;
        heard = false;
        backQuiet = back.quiet();
        if (back.unread().length > 0) {
            received(Unpooled.wrappedBuffer(back.unread()));
        }
        return back;
    }

    /// It can be read and written again. Loop side.
    public void attached() {
        attaching = false;
    }

    // ---- the loop side: what comes

    /// Takes bytes of the client, and releases them when they have been read.
    public void received(ByteBuf in) {
        heard = true;
        ByteBuf before = unread;
        if (before == null) {
            unread = in;
        } else {
            unread = before.discardSomeReadBytes().writeBytes(in);
            in.release();
        }
        readOn();
    }

    /// Reads what is there, as far as messages are wanted. What is to be sent then may be taken.
    public void readOn() {
        ByteBuf in = unread;
        while (in != null && incoming.hasRoom()) {
            if (peerClosed || violation != null) {
                in.skipBytes(in.readableBytes());
            } else {
                take(reader.read(in));
            }
            if (!in.isReadable()) {
                in.release();
                unread = null;
                in = null;
            }
        }
    }

    private void take(Received found) {
        switch (found) {
            case Received.Incomplete _ -> {}
            case Received.Lent _ -> throw new IllegalStateException("not of a client: " + found);
            case Received.Message _ -> incoming.put(found);
            case Received.Ping(byte[] payload) -> {
                if (onPing == null) {
                    outgoing.pong(payload);
                } else {
                    incoming.put(found);
                }
            }
            case Received.Pong _ -> {
                if (onPong != null) {
                    incoming.put(found);
                }
            }
            case Received.Close(Closed why) -> {
                peerClosed = true;
                // Before the receiver hears of it, who might close with another code.
                outgoing.close(why.code() == NO_CODE ? new byte[0] : payload(why.code(), new byte[0]));
                incoming.end(why);
            }
            case Received.Violation broken -> {
                violation = broken;
                outgoing.close(payload(broken.code(), broken.problem().getBytes(StandardCharsets.UTF_8)));
                incoming.end(new Closed(ABNORMAL, broken.problem()));
            }
        }
    }

    /// Whether the client's next bytes are wanted now. If not, `handOver` says when they are.
    public boolean wantsBytes() {
        return unread == null;
    }

    /// The client sends nothing more.
    ///
    /// @return whether the socket has had its end before that
    public boolean inputEnded() {
        return peerClosed || violation != null;
    }

    /// The client can't be reached any more.
    public void gone() {
        incoming.end(new Closed(ABNORMAL, ""));
        outgoing.gone();
        reader.release();
        releaseDeflater();
        if (unread != null) {
            unread.release();
            unread = null;
        }
    }

    // ---- the loop side: what goes

    /// Takes bytes that are to be sent: an array of exactly these, empty if there are none.
    public byte[] take() {
        return outgoing.take();
    }

    /// The server goes away: closes the socket, if nobody has yet. What is to be sent then may be taken.
    public void goAway() {
        outgoing.close(payload(GOING_AWAY, new byte[0]));
    }

    /// Whether both sides have closed, and the client has been sent all.
    public boolean isOver() {
        return (peerClosed || violation != null) && outgoing.isCloseTaken();
    }

    /// Whether nothing can be sent any more, though the client hasn't been told: a message was broken off.
    public boolean isBroken() {
        return outgoing.isGone();
    }

    /// How the client has broken the protocol, for the operator; null if it hasn't.
    public @Nullable String problem() {
        return violation == null ? null : violation.problem();
    }

    /// The setting of the limit that the client is over; empty if it is none.
    public String problemSetting() {
        return violation == null ? "" : violation.setting();
    }

    // ---- the loop side: deadlines

    /// Looks at the time, and pings if need be. What is to be sent then may be taken.
    ///
    /// @param now in nanoseconds, of any clock
    /// @return the setting of the deadline that has passed, after which the client is taken for gone; null if none
    ///     has
    public @Nullable String sweep(long now) {
        if (isLent() && !outgoing.isClosing()) {
            return null; // who has it gives it back when nothing comes
        }
        if (outgoing.isClosing()) {
            if (closingSince == NONE) {
                closingSince = now;
            }
            if (now - closingSince < options.closeTimeout().toNanos()) {
                return null;
            }
            closingSince = now; // once: a connection that is lent ends when it comes back
            return "webSockets.closeTimeout";
        }
        long interval = options.pingInterval().toNanos();
        if (heard || quietSince == NONE || !wantsBytes()) {
            quietSince = backQuiet && !heard ? now - interval : now;
            heard = false;
            pinged = false;
            backQuiet = false;
        }
        if (interval == 0) {
            return null;
        }
        long quiet = now - quietSince;
        if (!pinged && quiet >= interval) {
            pinged = true;
            outgoing.ping();
        }
        return quiet >= interval + options.pongTolerance().toNanos() ? "webSockets.pongTolerance" : null;
    }
}
