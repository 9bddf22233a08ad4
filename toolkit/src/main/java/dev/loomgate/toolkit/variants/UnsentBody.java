package dev.loomgate.toolkit.variants;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import java.util.Optional;

/// What an answer without content (to HEAD, or 304) stands for: the closing action of an empty body, by which a
/// middleware can see what it would do with the content, and so which headers the answer should have.
///
/// @param body what isn't sent; closed in its stead
/// @param headers those of the answer with content, not to be changed
public record UnsentBody(Body body, Headers headers) implements Runnable {
    /// An empty body that stands for another one.
    public static Body of(Body body, Headers headers) {
        return Body.empty().onClose(new UnsentBody(body, headers));
    }

    /// What this body stands for; empty if it is none of these.
    public static Optional<UnsentBody> in(Body body) {
        return body instanceof Body.Bytes bytes && bytes.closing() instanceof UnsentBody unsent
                ? Optional.of(unsent)
                : Optional.empty();
    }

    @Override
    public void run() {
        body.close();
    }
}
