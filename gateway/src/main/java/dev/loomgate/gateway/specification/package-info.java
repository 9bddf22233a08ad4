/// The gateway interface's specification as data: each sentence that binds somebody is one [Clause], each that allows
/// something one [Permission].
///
/// `docs/gateway-specification.md` is written from it. What holds the two sides to it is in the package `lint`, and so
/// nothing here checks anything: only the exception that names a broken clause is here, for all that throw it. What the
/// types refuse by themselves (a header with a line feed, a status of 600) needs no clause.
package dev.loomgate.gateway.specification;
