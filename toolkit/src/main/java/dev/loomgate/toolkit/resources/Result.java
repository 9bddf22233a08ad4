package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import org.jspecify.annotations.Nullable;

/// What a resource's method returns when it wants another status or more headers than its value has by itself:
///
/// ```java
/// Result<User> post(User user) {
///     long id = users.add(user);
///     return Result.of(user, 201).withHeader("Location", "/user/" + id);
/// }
/// ```
///
/// @param body a value as a method may return it; null for none
/// @param status 200 to 599
/// @param headers in place of those that the value has by itself
public record Result<T>(@Nullable T body, int status, Headers headers) {
    /// @throws IllegalArgumentException if the status isn't in 200 to 599
    public Result {
        if (status < 200 || Status.of(status).code() != status) {
            throw new IllegalArgumentException("a result's status is in 200 to 599, not " + status);
        }
    }

    /// A value with a status.
    public static <T> Result<T> of(T body, int status) {
        return new Result<>(body, status, new Headers());
    }

    /// A status without a value.
    public static <T> Result<T> of(int status) {
        return new Result<>(null, status, new Headers());
    }

    /// The same with another header.
    ///
    /// @throws IllegalArgumentException if the name is no token or the value has a control character
    public Result<T> withHeader(String name, String value) {
        return new Result<>(body, status, headers.copy().add(name, value));
    }
}
