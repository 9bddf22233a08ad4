package dev.loomgate.toolkit.security;

import java.util.Optional;

/// Whose token it is. Used by all requests at once.
@FunctionalInterface
public interface TokenCheck {
    /// What the application knows of who has the token, for [dev.loomgate.toolkit.Request#user]; or
    /// empty if nobody has it.
    ///
    /// @param token letters, digits, and some of `-._~+/=`; never empty
    /// @throws InvalidToken if it is worth nothing, with the reason
    /// @throws Exception as an endpoint may, with the same answer
    Optional<?> user(String token) throws Exception;
}
