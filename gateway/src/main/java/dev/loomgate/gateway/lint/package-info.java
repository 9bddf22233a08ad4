/// The gateway interface's specification as code: [Lint] checks it while a program runs, and
/// `docs/gateway-specification.md` is written from it.
///
/// Each sentence that binds somebody is one [Clause]; each that allows something is one `Permission`. A check
/// names the clause that it checks, and the tests break every clause and use every permission, so that none is
/// decoration. What the types refuse by themselves (a header with a line feed, a status of 600) needs no clause.
package dev.loomgate.gateway.lint;
