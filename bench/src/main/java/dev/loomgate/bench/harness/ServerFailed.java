package dev.loomgate.bench.harness;

/// A server did not come up, or did not answer what it should. The message says which and how, for the table's
/// row.
public final class ServerFailed extends Exception {
    private static final long serialVersionUID = 1;

    public ServerFailed(String message) {
        super(message);
    }
}
