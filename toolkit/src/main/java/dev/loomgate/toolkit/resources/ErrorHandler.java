package dev.loomgate.toolkit.resources;

import dev.loomgate.toolkit.Request;

/// Answers a request that failed, in place of the application's usual answer.
///
/// @param <E> what it failed with
/// @see WebApplication#onError
/// @see WebApplication#onStatus
@FunctionalInterface
public interface ErrorHandler<E extends Exception> {
    /// The answer: whatever a resource's method may return ([Resource]), but nothing, null and Optional. A text,
    /// a record, a map or a list has the status of the error, or 500 if that has none; a
    /// [dev.loomgate.toolkit.Response] and a [Result] have their own.
    ///
    /// @throws Exception an HttpException is the answer, too; anything else is a failure of the handler, with which
    /// the container answers 500, and logs both
    Object answer(Request request, E error) throws Exception;
}
