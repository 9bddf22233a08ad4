/// Applications that stand before other applications, whatever these are written with: a Java lambda, resources, a
/// Django site in worker processes.
///
/// [Dispatcher] shares one URL space out among several. What a middleware may do with a body is in
/// [dev.loomgate.gateway.Middleware]; each passes the hooks of what it stands before on.
package dev.loomgate.toolkit.middleware;
