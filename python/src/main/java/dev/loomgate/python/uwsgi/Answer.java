package dev.loomgate.python.uwsgi;

import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.MarshalWriter;
import java.util.function.Consumer;

/// What a call is answered with, a value or the message of a failure. Made in one thread and then sent by another.
final class Answer {
    private MarshalWriter value = new MarshalWriter(64);
    private boolean wrong;

    /// Makes it.
    ///
    /// @param maker writes one value; what it throws is the failure
    void by(Consumer<MarshalWriter> maker) {
        try {
            maker.accept(value);
        } catch (ClassCastException
                | IllegalArgumentException
                | IllegalStateException
                | ArithmeticException
                | FrameException e) {
            value = new MarshalWriter(64).text(String.valueOf(e.getMessage()));
            wrong = true;
        }
    }

    void sendTo(UwsgiCalls.Replies replies, int id) {
        replies.reply(id, value.toByteArray(), wrong);
    }
}
