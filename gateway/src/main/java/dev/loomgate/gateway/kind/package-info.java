/// Kinds of applications beside those of this interface, which a command line loads by a name such as
/// `ring:shop.core/handler`: how a module offers one. Nothing here is needed to answer requests.
package dev.loomgate.gateway.kind;
