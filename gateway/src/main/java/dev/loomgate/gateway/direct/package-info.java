/// What a server and an application agree on whose processes take connections themselves (direct mode): the listening
/// socket that they share, what the processes hand over, and who accepts meanwhile.
///
/// Server and application meet here alone: neither knows the other's module.
///
/// Not exported, but to these two modules.
package dev.loomgate.gateway.direct;
