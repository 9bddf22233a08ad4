package dev.loomgate.server.fastcgi;

import dev.loomgate.server.cgi.CgiRequest;
import dev.loomgate.server.cgi.VariableBlock;

/// A request that came by FastCGI.
final class FastCgiRequest extends CgiRequest {
    FastCgiRequest(VariableBlock read) {
        super(read);
    }

    @Override
    protected boolean findsPath() {
        return true;
    }
}
