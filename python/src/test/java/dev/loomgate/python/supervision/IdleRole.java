package dev.loomgate.python.supervision;

import dev.loomgate.loop.Loop;
import dev.loomgate.python.connection.Connections;
import dev.loomgate.python.connection.FrameListener;
import dev.loomgate.python.wire.FrameType;
import dev.loomgate.python.wire.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Processes that are asked nothing: a role without requests, which notes what it is told.
record IdleRole(Loop loop, String name, int processes, BlockingQueue<String> told, Map<String, WorkerProcess> serving)
        implements Role {
    IdleRole(Loop loop, String name, int processes) {
        this(loop, name, processes, new LinkedBlockingQueue<>(), new ConcurrentHashMap<>());
    }

    @Override
    public RoleWorker attach(WorkerProcess process, Path socket) {
        return new Idle(process, socket);
    }

    @Override
    public void unavailable(String why) {
        told.add("unavailable: " + why);
    }

    /// What it is told next.
    String next() throws InterruptedException {
        return String.valueOf(told.poll(30, TimeUnit.SECONDS));
    }

    private final class Idle implements RoleWorker, FrameListener {
        private final WorkerProcess process;
        private final Connections connections;

        Idle(WorkerProcess process, Path socket) {
            this.process = process;
            this.connections = new Connections(loop, socket, this);
        }

        // `reader 2`, without the pid.
        private String who() {
            return process.toString().replaceAll(" \\(.*", "");
        }

        @Override
        public void connect() {
            connections.connect();
        }

        @Override
        public void serve() {
            serving.put(who(), process);
            told.add(who() + " serves");
        }

        @Override
        public void withdraw() {}

        @Override
        public void leave() {
            process.drained();
            ByteBuf stop = Unpooled.buffer();
            Frames.empty(stop, FrameType.STOP, 0, 0);
            connections.send(stop);
        }

        @Override
        public void condemned() {
            told.add(who() + " is condemned");
        }

        @Override
        public boolean proceeds() {
            return false;
        }

        @Override
        public boolean isBusy() {
            return false;
        }

        @Override
        public long begun() {
            return 0;
        }

        @Override
        public String unfinished() {
            return "nothing";
        }

        @Override
        public boolean dump(boolean dying) {
            return false;
        }

        @Override
        public void died(String how) {
            connections.close();
            told.add(who() + " " + how);
        }

        @Override
        public void dataFrame(int type, int flags, int id, ByteBuf payload) {
            told.add(who() + " sent a frame");
        }

        @Override
        public void dataComplete() {}

        @Override
        public void controlFrame(int type, int flags, int id, ByteBuf payload) {
            process.ready();
        }

        @Override
        public void call(int id, ByteBuf payload) {
            told.add(who() + " calls");
        }

        @Override
        public void ended(String how) {
            process.connectionEnded(how);
        }

        @Override
        public void unreadable(Throwable cause) {
            process.condemn(String.valueOf(cause));
        }
    }
}
