package dev.loomgate.python.zygote;

import dev.loomgate.python.PythonStartException;
import tools.jackson.databind.JsonNode;

/// What a zygote says, a line of JSON each: docs/worker-protocol.md.
public sealed interface ZygoteEvent {
    /// The import calls the JVM.
    ///
    /// @param frame the CALL frame, in Base64
    record Called(String frame) implements ZygoteEvent {}

    /// The program is imported: forks are possible.
    ///
    /// @param directory of the sockets
    record Ready(String directory) implements ZygoteEvent {}

    /// The program can't be loaded.
    record Failed(PythonStartException why) implements ZygoteEvent {}

    /// A process has been forked, and listens.
    ///
    /// @param path of its socket
    record Forked(int slot, long pid, String path) implements ZygoteEvent {}

    /// A signal has come to the zygote that means something to a server.
    record Signalled(int number) implements ZygoteEvent {}

    /// A process has ended.
    ///
    /// @param how as logs say it
    /// @param status what it ended with; 128 and the signal, as shells have it, if it was killed
    /// @param killed whether it was by a signal
    record Exited(int slot, long pid, String how, int status, boolean killed) implements ZygoteEvent {}

    /// Something else, which is a defect.
    record Unknown(String text) implements ZygoteEvent {}

    /// Reads a line.
    static ZygoteEvent of(JsonNode event) {
        int slot = event.path("slot").asInt(0);
        long pid = event.path("pid").asLong(0);
        return switch (event.path("event").asString("")) {
            case "call" -> new Called(event.path("frame").asString(""));
            case "ready" -> new Ready(event.path("directory").asString(""));
            case "failed" -> new Failed(LoadFailure.of(event));
            case "forked" -> new Forked(slot, pid, event.path("path").asString(""));
            case "signal" -> new Signalled(event.path("signal").asInt(0));
            case "exited" -> exited(slot, pid, event);
            default -> new Unknown(event.toString());
        };
    }

    private static Exited exited(int slot, long pid, JsonNode event) {
        JsonNode signal = event.path("signal");
        String how = event.has("signal") && !signal.isNull()
                ? "was killed by signal " + signal.asInt()
                : "exited with status " + event.path("status").asInt();
        int status =
                signal.isNumber() ? 128 + signal.asInt() : event.path("status").asInt();
        return new Exited(slot, pid, how, status, signal.isNumber());
    }
}
