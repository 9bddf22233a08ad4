package dev.loomgate.cli.loggers;

/// Makes another message of a message.
@FunctionalInterface
public interface Encoder {
    byte[] encode(byte[] message);
}
