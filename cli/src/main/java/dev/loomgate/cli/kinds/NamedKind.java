package dev.loomgate.cli.kinds;

import dev.loomgate.gateway.kind.ApplicationKind;
import java.util.Optional;
import java.util.ServiceLoader;

/// An application of a kind that a module offers.
///
/// @param kind of it
/// @param program what is behind the kind's colon
public record NamedKind(ApplicationKind kind, String program) {
    /// Reads `ring:shop.core/handler`.
    ///
    /// @return empty if there is no colon, or no kind of the name before it
    public static Optional<NamedKind> of(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            return Optional.empty();
        }
        String name = text.substring(0, colon);
        return ServiceLoader.load(ApplicationKind.class, NamedKind.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .map(kind -> new NamedKind(kind, text.substring(colon + 1)));
    }
}
