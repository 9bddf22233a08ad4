package dev.loomgate.server.exchange;

import dev.loomgate.loop.Loop;

/// Where a request's response goes: a connection that answers one request at a time, or one stream of a connection
/// that carries many.
///
/// ```
///  microthread                    |  loop side
///  call  --- hand-over --->  Exchange  --- respond --->  ResponseStream  --- writes --->  connection
/// ```
/// It is all that an [Exchange] knows of its connection.
public interface ResponseStream {
    /// The loop that has the connection. Any thread.
    Loop loop();

    /// Whether a file can be sent as such; otherwise its bytes are. Any thread that has to do with the exchange.
    boolean takesFiles();

    /// Sends what the exchange has to send now, as far as the client takes it. Loop side. Whatever goes wrong is the
    /// stream's business: this throws nothing.
    void respond(Exchange exchange);

    /// Ends the exchange as a passed deadline does. Loop side.
    ///
    /// @param why an operator wants that, for the log
    void cancel(Exchange exchange, String why);

    /// The exchange's microthread has ended. Loop side.
    void callIsOver(Exchange exchange);
}
