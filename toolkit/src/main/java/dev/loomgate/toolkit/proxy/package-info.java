/// What trusted proxies say of a client: [ProxyFix] reads `X-Forwarded-For` and its kin, or `Forwarded` (RFC 7239),
/// and corrects the environ. Nothing here sends a request on.
package dev.loomgate.toolkit.proxy;
