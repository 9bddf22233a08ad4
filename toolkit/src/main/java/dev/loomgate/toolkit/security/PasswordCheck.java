package dev.loomgate.toolkit.security;

import java.util.Optional;

/// Whose name and password it is. Used by all requests at once.
@FunctionalInterface
public interface PasswordCheck {
    /// What the application knows of the user, for [dev.loomgate.toolkit.Request#user]; or empty if
    /// there is none of that name and password. It should take as long for a name that nobody has.
    ///
    /// @param name anything but control characters and colons; may be empty
    /// @param password anything but control characters; may be empty
    /// @throws Exception as an endpoint may, with the same answer
    Optional<?> user(String name, String password) throws Exception;
}
