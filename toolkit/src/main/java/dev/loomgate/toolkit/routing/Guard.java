package dev.loomgate.toolkit.routing;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.exceptions.HttpException;
import java.util.Optional;

/// What is asked before a rule's endpoint, whether the request may go on: who sends it, and whether on
/// purpose. It stands before all rules ([dev.loomgate.toolkit.resources.WebApplication#withGuard]), or
/// before some ([RuleFactory#guardedBy]).
///
/// ```java
/// WebApplication.of(
///                 Route.get("/", Pages::home),
///                 Submount.of("/admin", Route.get("/", Pages::admin), Route.post("/stop", Pages::stop))
///                         .guardedBy(BasicAuthentication.of("admin", users::login)))
///         .withGuard(CsrfProtection.of());
/// ```
///
/// It is asked for the methods that the endpoint doesn't have, too, for handshakes of WebSockets and
/// for endpoints that are applications; not for a path that no rule matches.
///
/// Used by all requests at once.
@FunctionalInterface
public interface Guard {
    /// One that lets everybody in.
    Guard NONE = (_, _) -> Optional.empty();

    /// Lets the request go on, or says what answers in its place. A guard that reads the body of a
    /// request for an application takes it from that: it reads the same input.
    ///
    /// @param rule that the request has matched
    /// @return empty if it may go on
    /// @throws HttpException to answer by an error
    /// @throws Exception as an endpoint may, with the same answer
    Optional<? extends Application> check(Request request, Rule<?> rule) throws Exception;

    /// This one, and then `next` for what this one lets in.
    default Guard then(Guard next) {
        if (this == NONE || next == NONE) {
            return this == NONE ? next : this;
        }
        return (request, rule) -> {
            Optional<? extends Application> instead = check(request, rule);
            return instead.isPresent() ? instead : next.check(request, rule);
        };
    }
}
