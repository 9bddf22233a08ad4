package dev.loomgate.server.fastcgi;

import dev.loomgate.server.cgi.Refused;
import dev.loomgate.server.exchange.Refusal;
import org.jspecify.annotations.Nullable;

/// What [FastCgiDecoder] makes of the next bytes.
sealed interface FastCgiEvent {
    /// More bytes must come.
    enum Incomplete implements FastCgiEvent {
        INCOMPLETE
    }

    /// A request's variables are complete; its body follows.
    ///
    /// @param keeps whether the connection is to stay open after the response
    record Begun(int id, boolean keeps, FastCgiRequest request) implements FastCgiEvent {}

    /// A request's variables are none that a request may have. What is still to come of it is skipped.
    record BadRequest(int id, boolean keeps, Refusal refusal) implements FastCgiEvent {}

    /// The next bytes of the buffer are of a request's body, and to be taken out of it before the decoder reads on.
    record Input(int id, int length) implements FastCgiEvent {}

    /// A request's body is complete.
    record InputEnd(int id) implements FastCgiEvent {}

    /// The client doesn't want the response any more.
    record Aborted(int id) implements FastCgiEvent {}

    /// To be sent as it is, between the records of responses.
    ///
    /// @param ends whether the connection is to end when no request is left
    record Answer(byte[] bytes, boolean ends) implements FastCgiEvent {}

    /// The bytes can't be understood from here on: the connection ends.
    ///
    /// @param foreign the protocol that it is, and its reply; its own bytes of FastCGI have none
    record Broken(Refusal refusal, @Nullable Refused foreign) implements FastCgiEvent {}
}
