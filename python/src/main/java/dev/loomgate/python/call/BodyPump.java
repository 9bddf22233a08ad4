package dev.loomgate.python.call;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Microthread;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/// Passes the rest of a request's body on to the worker, as fast as that reads it. A microthread of its own, so
/// that the response can begin before the body has ended.
final class BodyPump implements Runnable {
    private static final int STEP_BYTES = 32 * 1024;

    private final Loop home;
    private final Call call;
    private final InputStream input;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopped;
    private volatile Runnable interrupt = () -> {};

    private BodyPump(Loop home, Call call, InputStream input) {
        this.home = home;
        this.call = call;
        this.input = input;
    }

    static BodyPump start(Loop home, Call call, InputStream input) {
        BodyPump pump = new BodyPump(home, call, input);
        Loop loop = Microthread.isCurrent() ? Loop.current() : home;
        Microthread microthread = loop.start("body of " + call, pump);
        pump.interrupt = microthread::interrupt;
        return pump;
    }

    @Override
    public void run() {
        byte[] buffer = new byte[STEP_BYTES];
        try {
            while (true) {
                int room = call.window().take(STEP_BYTES);
                int count = input.read(buffer, 0, room);
                if (count < 0) {
                    pass(new Call.BodyPart(null, null));
                    return;
                }
                call.window().give(room - count);
                pass(new Call.BodyPart(Arrays.copyOf(buffer, count), null));
            }
        } catch (InterruptedException | InterruptedIOException e) {
            if (!stopped) {
                pass(new Call.BodyPart(null, "the server has given up on the request"));
            }
        } catch (IOException e) {
            pass(new Call.BodyPart(null, String.valueOf(e.getMessage())));
        } finally {
            ended.countDown();
        }
    }

    private void pass(Call.BodyPart part) {
        home.side().execute(() -> call.addPart(part));
    }

    /// Ends it, if it hasn't; when this returns it doesn't read any more.
    void stop() {
        stopped = true;
        interrupt.run();
        // Where this thread is interrupted itself, by the server, it waits all the same: the input is used by one
        // thread at a time.
        awaitAllTheSame(ended, () -> {});
    }

    /// Waits until another thread has ended, also where this one is interrupted, as it is afterwards.
    ///
    /// @param whenInterrupted run at each interrupt while it waits
    static void awaitAllTheSame(CountDownLatch end, Runnable whenInterrupted) {
        boolean interrupted = Thread.interrupted();
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException e) {
                interrupted = true;
                whenInterrupted.run();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
