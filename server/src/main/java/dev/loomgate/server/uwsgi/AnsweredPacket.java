package dev.loomgate.server.uwsgi;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.server.cgi.CgiVariables;
import dev.loomgate.server.exchange.AnsweredElsewhere;

/// A packet that a process has answered, as observers see it.
final class AnsweredPacket extends AnsweredElsewhere {
    private final UwsgiRequest request;

    AnsweredPacket(UwsgiRequest request) {
        super(new CgiVariables(request), null);
        this.request = request;
    }

    @Override
    public String toString() {
        return Quoting.printable(request.toString());
    }
}
