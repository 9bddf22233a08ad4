package dev.loomgate.cli.emperor;

/// What an emperor and a vassal's process tell each other, a byte each:
///
/// ```
///  emperor                          the vassal's process
///    |-- (start) ----------------------->| reads its configuration
///    |<------------------------- READY --|
///    |-- GO + kept sockets ------------->| listens, loads the program
///    |<---------------- SERVES + sockets |
///    |<--------------------- HEARTBEAT --| each --heartbeat, if it was asked for
///    |-- LEAVE ------------------------->| ends; its sockets are kept for the next process
///    |-- STOP -------------------------->| ends for good
/// ```
///
/// Where the connection is closed, the other process has ended: a vassal then ends, too.
enum Message {
    /// End, and remove what was made for clients to come by.
    STOP(0),
    /// The configuration is read.
    READY(1),
    /// End, and leave the sockets as they are: they are kept for who comes next.
    LEAVE(2),
    /// Listen, and load the program. With sockets to listen on: that of a vassal on demand first, then the kept ones.
    GO(6),
    /// It listens, and the program is loaded. With the sockets that it listens on.
    SERVES(17),
    /// All is well.
    HEARTBEAT(26),
    /// One that means nothing.
    UNKNOWN(255);

    private final int code;

    Message(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Message of(int code) {
        for (Message message : values()) {
            if (message.code == code) {
                return message;
            }
        }
        return UNKNOWN;
    }
}
