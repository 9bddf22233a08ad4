package dev.loomgate.server.exchange;

import dev.loomgate.server.websocket.OpeningHandshake;
import java.util.function.UnaryOperator;

/// Why a request is not served: what the client is told, and what the operator reads in the log.
///
/// @param status the answer's status, 400 to 599
/// @param text one sentence for the client; says nothing about the server's inside
/// @param problem for the operator: what happened, the value, the limit
/// @param setting the setting of that limit, which the operator's line names at its end; empty if there is none
public record Refusal(int status, String text, String problem, String setting) {
    public Refusal(int status, String text, String problem) {
        this(status, text, problem, "");
    }

    /// Of a handshake of a WebSocket that isn't valid.
    public static Refusal of(OpeningHandshake.Fault fault) {
        return new Refusal(fault.status(), fault.text(), "websocket: " + fault.text());
    }

    /// One line for the operator.
    ///
    /// @param settingNames what a setting is called
    public String logLine(UnaryOperator<String> settingNames) {
        return setting.isEmpty() ? problem : problem + " (" + settingNames.apply(setting) + ")";
    }
}
