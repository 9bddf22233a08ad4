package dev.loomgate.toolkit.exceptions;

/// 421: the request came to a server that isn't responsible for its host.
public final class MisdirectedRequest extends HttpException {
    private static final long serialVersionUID = 1;

    /// With the usual text.
    public MisdirectedRequest() {
        super(421, null);
    }

    public MisdirectedRequest(String description) {
        super(421, description);
    }
}
