package dev.loomgate.python.wire;

/// What a worker sent isn't what docs/worker-protocol.md has: a defect, after which nothing it sends can be
/// trusted.
public final class FrameException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FrameException(String message) {
        super(message);
    }
}
