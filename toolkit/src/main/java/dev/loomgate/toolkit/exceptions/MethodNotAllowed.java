package dev.loomgate.toolkit.exceptions;

import dev.loomgate.gateway.Headers;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// 405: there is something at this URL, and it doesn't answer this method.
public final class MethodNotAllowed extends HttpException {
    private static final long serialVersionUID = 1;

    private final transient List<String> allowed;

    /// @param allowed the methods that are answered, for `Allow`, in this order
    public MethodNotAllowed(Collection<String> allowed) {
        this(allowed, null);
    }

    /// @param allowed the methods that are answered, for `Allow`, in this order
    public MethodNotAllowed(Collection<String> allowed, @Nullable String description) {
        super(405, description);
        this.allowed = List.copyOf(allowed);
    }

    /// The methods that are answered.
    public List<String> allowed() {
        return allowed;
    }

    @Override
    public Headers headers() {
        Headers headers = super.headers();
        return allowed.isEmpty() ? headers : headers.add("Allow", String.join(", ", allowed));
    }
}
