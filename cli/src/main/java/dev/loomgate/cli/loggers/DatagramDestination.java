package dev.loomgate.cli.loggers;

import java.io.IOException;
import java.util.List;

/// A datagram for each message, or several for a long one.
final class DatagramDestination implements Destination {
    private final String name;
    private final Packets packets;
    private final Form form;

    /// What is sent for a message.
    @FunctionalInterface
    interface Form {
        List<byte[]> of(byte[] message);
    }

    DatagramDestination(String name, Packets packets, Form form) {
        this.name = name;
        this.packets = packets;
        this.form = form;
    }

    @Override
    public synchronized void write(byte[] message) throws IOException {
        for (byte[] packet : form.of(message)) {
            packets.send(packet);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
