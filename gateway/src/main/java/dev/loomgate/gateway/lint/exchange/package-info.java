/// One request on its way through a lint: how far it has come, in which thread, what of it is open; and what was found
/// wrong.
///
/// Not exported. All checks stand on it; it checks only what takes several of them to see, such as a body that is never
/// closed.
package dev.loomgate.gateway.lint.exchange;
