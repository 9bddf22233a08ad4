/// Ring, Clojure's interface between servers and handlers, version 1.5.1 of its specification.
///
/// [RingApplication] evaluates the adapter, `adapter.clj` beside it, in the Clojure that the program's class loader
/// has: so nothing here is linked to a Clojure, and each program has its own. `core_protocols.clj` and
/// `websocket_protocols.clj` are Ring's protocols as its specification has them, for programs without `ring-core`.
///
/// Source: Ring's SPEC.md; no code is copied.
package dev.loomgate.ring;
