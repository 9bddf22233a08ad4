package dev.loomgate.python.requests;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.python.call.Call;
import dev.loomgate.python.call.Mailbox;
import dev.loomgate.python.call.Overflow;
import dev.loomgate.python.call.Reply;
import dev.loomgate.python.states.ProcessState;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.supervision.WorkerProcess;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.FrameType;
import io.netty.buffer.ByteBuf;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a worker sends on `data`: puts it into the mailboxes of the calls that it is for. Loop side only.
final class ResponseFrames {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");

    private final HomeLoop home;
    private final Pool pool;
    private final WorkerProcess process;
    private final WorkerTraffic traffic;
    private final PythonOptions options;
    private final ExceptionRule exceptions;
    private final Duration requestTimeout;
    private final String limitName;
    private final Reply.@Nullable LogVariables itself;

    ResponseFrames(RequestParts parts, WorkerProcess process, WorkerTraffic traffic) {
        this.home = parts.home();
        this.pool = parts.pool();
        this.process = process;
        this.traffic = traffic;
        this.options = parts.options();
        this.exceptions = new ExceptionRule(options.replacement());
        this.requestTimeout = parts.options().requestTimeout();
        this.limitName = parts.options().nameOf("requestTimeout");
        this.itself = parts.options().tellsWorkers() ? itself() : null;
    }

    private Reply.LogVariables itself() {
        Map<String, String> names = new HashMap<>();
        names.put("loomgate.worker", Integer.toString(process.slot()));
        names.put("loomgate.pid", Long.toString(process.pid()));
        if (options.mode() instanceof WorkerMode.Sync) {
            names.put("loomgate.core", "0");
        }
        return new Reply.LogVariables(names);
    }

    /// A frame has come.
    ///
    /// @throws FrameException if there is no such frame, or no such call
    void frame(int type, int flags, int id, ByteBuf payload) {
        Call call = traffic.running(id);
        if (call == null) {
            throw new FrameException("a frame of type 0x%02x for request %d, which isn't running".formatted(type, id));
        }
        switch (type) {
            case FrameType.RESPONSE -> {
                traffic.counts().sent(Math.max(0, payload.readableBytes() - Integer.BYTES)); // without its length
                if ((flags & FrameType.LAST) != 0) {
                    last(call, Reply.Response.read(payload, Integer.MAX_VALUE, true));
                } else {
                    beginning(call, payload);
                }
            }
            case FrameType.CHUNK -> {
                traffic.counts().sent(payload.readableBytes());
                content(call, payload, (flags & FrameType.LAST) != 0);
            }
            case FrameType.FILE -> file(call, payload);
            case FrameType.FAILED -> {
                if ((flags & FrameType.CANCELLED) != 0) {
                    last(call, call.endedEarly());
                } else {
                    failed(call, payload.toString(StandardCharsets.UTF_8));
                }
            }
            case FrameType.CONSUMED -> {
                call.begun();
                call.window().give(payload.readIntLE());
            }
            case FrameType.LOG_VARIABLES -> {
                call.begun();
                call.deliver(Reply.LogVariables.read(payload));
            }
            case FrameType.EARLY_HINTS -> {
                call.begun();
                call.deliver(Reply.EarlyHints.read(payload));
            }
            case FrameType.BORROW -> call.deliver(new Reply.Borrow());
            case FrameType.RETURN -> call.deliver(Reply.GivenBack.read(flags, payload));
            case FrameType.TRAILERS -> call.deliver(Reply.Trailers.read(payload));
            default -> throw new FrameException("a frame of type 0x%02x on data".formatted(type));
        }
    }

    private void failed(Call call, String traceback) {
        traffic.counts().raised();
        last(call, new Reply.Failed(traceback));
        String setting = exceptions.setting(traceback);
        if (setting != null && process.state() == ProcessState.SERVING) {
            process.replace("its program has raised an exception (%s)".formatted(options.nameOf(setting)));
        }
    }

    /// The access log is to name the worker.
    private void tellWorker(Call call) {
        if (itself != null) {
            call.deliver(itself);
        }
    }

    private void last(Call call, Reply reply) {
        call.begun();
        tellWorker(call);
        traffic.ended(call);
        call.deliver(reply);
    }

    // Not of a call that was cancelled: then it closes the file, and may have another one by that number.
    private void file(Call call, ByteBuf payload) {
        if (call.isCancelled()) {
            last(call, call.endedEarly());
            return;
        }
        call.begun();
        traffic.endedWithFile(call);
        Path file = Path.of("/proc/" + process.pid() + "/fd/" + payload.readIntLE());
        long offset = payload.readLongLE();
        long length = payload.readLongLE();
        traffic.counts().sent(length);
        call.deliver(new Reply.File(file, offset, length));
    }

    // A response that goes on. What is long is cut, so that parts of it may wait elsewhere.
    private void beginning(Call call, ByteBuf payload) {
        Reply.Response beginning = Reply.Response.read(payload, Mailbox.PIECE_BYTES, false);
        call.owe(beginning.body().length);
        call.begun();
        tellWorker(call);
        call.deliver(beginning);
        if (payload.isReadable()) {
            content(call, payload, false);
        } else {
            traffic.credit(call);
        }
    }

    private void content(Call call, ByteBuf payload, boolean last) {
        call.begun();
        while (payload.readableBytes() > Mailbox.PIECE_BYTES) {
            put(call, new Reply.Chunk(bytes(payload, Mailbox.PIECE_BYTES), false));
        }
        if (last) {
            traffic.ended(call);
        }
        put(call, new Reply.Chunk(bytes(payload), last));
        if (!last) {
            traffic.credit(call);
            keepTime(call);
        }
    }

    private void put(Call call, Reply.Chunk chunk) {
        Overflow overflow = call.put(chunk);
        if (overflow != null) {
            overflow.spool(pool.isCrowded(), () -> home.execute(() -> traffic.credit(call)));
        }
    }

    private static byte[] bytes(ByteBuf payload) {
        return bytes(payload, payload.readableBytes());
    }

    private static byte[] bytes(ByteBuf payload, int count) {
        byte[] bytes = new byte[count];
        payload.readBytes(bytes);
        return bytes;
    }

    // The server's clock stands still while it waits for a slow client; the program's time goes on meanwhile.
    private void keepTime(Call call) {
        if (requestTimeout.isPositive() && !call.offersWebSocket() && call.isBehind() && call.beginTiming()) {
            home.later(requestTimeout, () -> timeIsOver(call));
        }
    }

    private void timeIsOver(Call call) {
        if (!traffic.runs(call) || call.isCancelled()) {
            return;
        }
        if (call.holdsWorkerUp()) {
            call.endTiming(); // the client's fault: begins with the next piece
            return;
        }
        LOG.log(
                Level.WARNING,
                "{0}: the program has not finished its response within {1} ms ({2})",
                call,
                Long.toString(requestTimeout.toMillis()),
                limitName,
                call.logId());
        call.deliver(new Reply.Overtime());
        traffic.cancel(call, true);
    }
}
