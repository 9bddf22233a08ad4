/// The PROXY protocol, versions 1 and 2, which a load balancer sends before anything else to say who its client is.
///
/// [ProxyHeaderDecoder] turns bytes into a header or a reason why they are none; [ProxyHandshake] stands in the
/// pipeline until it is there. It knows no protocol behind the header.
///
/// Not exported.
package dev.loomgate.server.proxy;
