/// Development: [DebugPages] shows the developer why a request failed, with stack, source and routes.
///
/// For requests from this machine only, and never in production: nothing else may depend on it.
package dev.loomgate.toolkit.debug;
