package dev.loomgate.python.requests;

import dev.loomgate.python.call.Call;
import dev.loomgate.python.call.Reply;
import dev.loomgate.python.connection.Connections;
import dev.loomgate.python.connection.FrameListener;
import dev.loomgate.python.states.ProcessState;
import dev.loomgate.python.supervision.RoleWorker;
import dev.loomgate.python.supervision.WorkerProcess;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.FrameType;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/// A worker that answers requests: passes on what happens, between its process, its connections, its [WorkerTraffic]
/// and the [Pool]. Loop side only.
final class RequestWorker implements RoleWorker, FrameListener, UwsgiCalls.Caller {
    private final RequestParts parts;
    private final Pool pool;
    private final WorkerProcess process;
    private final Path begunFile;
    private final Connections connections;
    private final WorkerTraffic traffic;
    private final ResponseFrames responses;
    private int requestLimit;

    /// @param socket on which the process listens
    /// @param requestLimit after how many requests it is to be replaced; 0 for never
    RequestWorker(RequestParts parts, WorkerProcess process, Path socket, int requestLimit) {
        this.parts = parts;
        this.pool = parts.pool();
        this.process = process;
        String name = String.valueOf(socket.getFileName());
        this.begunFile = socket.resolveSibling(name.replaceFirst("\\.sock$", ".begun"));
        this.connections = new Connections(parts.home().loop(), socket, this);
        this.traffic = new WorkerTraffic(parts.home(), parts.options(), parts.pace(), process, connections);
        this.responses = new ResponseFrames(parts, process, traffic);
        this.requestLimit = requestLimit;
    }

    // ---- what becomes of its process

    @Override
    public void connect() {
        connections.connect();
    }

    @Override
    public void serve() {
        pool.add(traffic);
    }

    @Override
    public void withdraw() {
        pool.remove(traffic);
    }

    @Override
    public void leave() {
        pool.remove(traffic);
        traffic.stopIfDone();
    }

    @Override
    public void condemned() {
        pool.remove(traffic);
        traffic.recall();
    }

    @Override
    public boolean proceeds() {
        return traffic.proceeds();
    }

    @Override
    public String unfinished() {
        return "%,d requests".formatted(traffic.load());
    }

    @Override
    public void died(String how) {
        pool.remove(traffic);
        connections.close();
        pool.again(traffic.died(how, BegunFile.read(begunFile)));
        parts.calls().ended(this);
    }

    // ---- what it sends

    @Override
    public void dataFrame(int type, int flags, int id, ByteBuf payload) {
        responses.frame(type, flags, id, payload);
    }

    @Override
    public void dataComplete() {
        traffic.readComplete();
        if (requestLimit > 0 && traffic.answered() >= requestLimit && process.state() == ProcessState.SERVING) {
            requestLimit = 0;
            process.replace("it has answered " + traffic.answered() + " requests ("
                    + parts.options().nameOf("maxRequests") + ")");
        }
        pool.roomIn();
        traffic.stopIfDone();
    }

    @Override
    public void controlFrame(int type, int flags, int id, ByteBuf payload) {
        if (type == FrameType.READY && flags == 0) {
            process.ready();
        } else if (type == FrameType.READY) {
            process.cannotLoad(payload.toString(StandardCharsets.UTF_8));
        } else if (type == FrameType.RETURNED) {
            pool.again(traffic.returned(payload));
            traffic.stopIfDone();
        } else {
            throw new FrameException("a frame of type 0x%02x on control".formatted(type));
        }
    }

    @Override
    public void call(int id, ByteBuf payload) {
        parts.calls().call(this, id, payload, connections::reply);
    }

    @Override
    public void ended(String how) {
        process.connectionEnded(how);
    }

    @Override
    public void unreadable(Throwable cause) {
        process.condemn("what it sends can't be read: " + cause);
    }

    // ---- what its program asks for

    @Override
    public void reload() {
        process.reload();
    }

    @Override
    public void limitRequest(int id, Duration limit) {
        Call call = traffic.running(id);
        if (call == null) {
            return;
        }
        int number = call.newLimit();
        if (limit.isPositive()) {
            parts.home().later(limit, () -> {
                if (call.isUnder(number)) {
                    call.deliver(new Reply.Overtime());
                    traffic.cancel(call, true);
                }
            });
        }
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
