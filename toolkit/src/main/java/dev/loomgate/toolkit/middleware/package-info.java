/// Applications that stand before other applications, whatever these are written with: a Java lambda, resources, a
/// Django site in worker processes.
///
/// | middleware | does |
/// |---|---|
/// | [Dispatcher] | shares one URL space out among several |
/// | [Gzip] | compresses responses |
/// | [Cors] | lets pages of other origins in |
/// | [RequestId] | names each request |
/// | [DebugPages] | show the developer why a request failed |
///
/// What a middleware may do with a body is in
/// [dev.loomgate.gateway.Middleware]; each passes the hooks of what it stands before on.
package dev.loomgate.toolkit.middleware;
