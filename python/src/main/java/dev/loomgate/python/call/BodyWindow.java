package dev.loomgate.python.call;

import dev.loomgate.loop.waiting.Parking;
import java.util.concurrent.locks.LockSupport;

/// How many bytes of a request's body may be sent ahead of the worker's reading. One thread takes, any thread
/// gives.
public final class BodyWindow {
    private long left; // guarded by this
    private final Parking waiting = new Parking(); // guarded by this

    /// @param bytes not negative
    BodyWindow(int bytes) {
        left = bytes;
    }

    /// Waits until something may be sent, and takes up to `most` bytes.
    int take(int most) throws InterruptedException {
        while (true) {
            synchronized (this) {
                if (left > 0) {
                    int taken = (int) Math.min(left, most);
                    left -= taken;
                    waiting.end();
                    return taken;
                }
                waiting.begin();
            }
            if (!Parking.park(this)) {
                throw Parking.interruption("interrupted while a worker read the request's body");
            }
        }
    }

    public void give(int bytes) {
        Thread wake;
        synchronized (this) {
            left += bytes;
            wake = waiting.waiter();
        }
        LockSupport.unpark(wake);
    }
}
