/// Guards of a [dev.loomgate.toolkit.resources.WebApplication]: whether a request was sent on purpose.
///
/// The headers that tell browsers to be careful are a middleware,
/// [dev.loomgate.toolkit.middleware.SecurityHeaders], since they are on every response.
package dev.loomgate.toolkit.security;
