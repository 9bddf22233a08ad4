package dev.loomgate.server.http;

import dev.loomgate.server.exchange.Refusal;

/// What bytes at the place of a request's head turn out to be.
sealed interface Head {
    /// A head that may be served.
    record Valid(RequestHead request) implements Head {}

    /// Something that isn't, and why.
    record Refused(Refusal refusal) implements Head {}

    /// More bytes must come.
    enum Incomplete implements Head {
        INCOMPLETE
    }

    static Refused refused(int status, String text, String problem) {
        return refused(status, text, problem, "");
    }

    /// @param setting the limit's
    static Refused refused(int status, String text, String problem, String setting) {
        return new Refused(new Refusal(status, text, "http: " + problem, setting));
    }
}
