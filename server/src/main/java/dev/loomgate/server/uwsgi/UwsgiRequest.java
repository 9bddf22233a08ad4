package dev.loomgate.server.uwsgi;

import dev.loomgate.server.cgi.CgiRequest;
import dev.loomgate.server.cgi.VariableBlock;

/// A request that came as a uwsgi packet.
public final class UwsgiRequest extends CgiRequest implements UwsgiMessage {
    private final int modifier1;

    UwsgiRequest(VariableBlock read, int modifier1) {
        super(read);
        this.modifier1 = modifier1;
    }

    @Override
    protected boolean managesPathInfo() {
        return modifier1 == UwsgiModifiers.MANAGE_PATH_INFO;
    }
}
