package dev.loomgate.server.scgi;

import dev.loomgate.server.cgi.CgiRequest;
import dev.loomgate.server.cgi.VariableBlock;

/// A request that came by SCGI.
final class ScgiRequest extends CgiRequest {
    ScgiRequest(VariableBlock read) {
        super(read);
    }

    @Override
    protected boolean findsPath() {
        return true;
    }
}
