package dev.loomgate.server.uwsgi;

import dev.loomgate.server.cgi.CgiRequest;
import dev.loomgate.server.cgi.VariableBlock;

/// A request that came as a uwsgi packet.
public final class UwsgiRequest extends CgiRequest {
    private final int modifier1;
    private final int modifier2;

    UwsgiRequest(VariableBlock read, int modifier1, int modifier2) {
        super(read);
        this.modifier1 = modifier1;
        this.modifier2 = modifier2;
    }

    @Override
    protected int modifier1() {
        return modifier1;
    }

    @Override
    protected int modifier2() {
        return modifier2;
    }

    @Override
    protected boolean managesPathInfo() {
        return modifier1 == UwsgiModifiers.MANAGE_PATH_INFO;
    }
}
