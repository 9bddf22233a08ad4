package dev.loomgate.cli.loggers;

import java.io.IOException;
import java.io.OutputStream;

/// An output that is open anyway.
final class StreamDestination implements Destination {
    private final String name;
    private final OutputStream out;

    StreamDestination(String name, OutputStream out) {
        this.name = name;
        this.out = out;
    }

    @Override
    public synchronized void write(byte[] message) throws IOException {
        out.write(message);
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }

    @Override
    public String toString() {
        return name;
    }
}
