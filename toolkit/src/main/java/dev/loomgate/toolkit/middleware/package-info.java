/// Applications that stand before other applications, whatever these are written with: a Java lambda, resources, a
/// Django site in worker processes.
///
/// | middleware | does |
/// |---|---|
/// | [Mounts] | shares one URL space out among several |
/// | [Gzip] | compresses responses |
/// | [Cors] | lets pages of other origins in |
/// | [RequestId] | names each request |
/// | [SecurityHeaders] | tells browsers what pages may do |
///
/// Those with more to them have packages of their own: `sessions`, `files` (static ones), `proxy` (what trusted proxies
/// say) and `debug` (pages for the developer).
///
/// What a middleware may do with a body is in [dev.loomgate.gateway.Middleware]; each passes the hooks of the
/// application behind it on. Nothing here knows a resource or a rule.
package dev.loomgate.toolkit.middleware;
