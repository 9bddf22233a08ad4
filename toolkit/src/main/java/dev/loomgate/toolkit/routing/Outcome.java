package dev.loomgate.toolkit.routing;

import java.util.Set;

/// All that can come of looking for a path, for an exhaustive `switch`:
///
/// ```java
/// switch (urls.tryMatch(path, method)) {
///     case Outcome.Found(Match<String> match) -> ...
///     case Outcome.Redirect(String url) -> ...
///     case Outcome.WrongMethod(Set<String> allowed) -> ...
///     case Outcome.WebsocketMismatch<String> _ -> ...
///     case Outcome.Missing<String> _ -> ...
/// }
/// ```
public sealed interface Outcome<E> {
    /// A rule matches.
    record Found<E>(Match<E> match) implements Outcome<E> {}

    /// A rule matches another form of the path.
    ///
    /// @param url the absolute URL to go to, with 308
    record Redirect<E>(String url) implements Outcome<E> {}

    /// Rules match the path for other methods only.
    ///
    /// @param allowed the methods of all these rules, sorted
    record WrongMethod<E>(Set<String> allowed) implements Outcome<E> {}

    /// A rule matches, but it is for WebSockets and the request isn't, or the other way round.
    record WebsocketMismatch<E>() implements Outcome<E> {}

    /// No rule matches.
    record Missing<E>() implements Outcome<E> {}
}
