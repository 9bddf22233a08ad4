/// Fuzzing by coverage: what a target is, how its corpus is kept, and the engine that looks for new inputs
/// (docs/decisions/060). No target lives here: each stands beside its parser, as `*FuzzTest`.
package dev.loomgate.testkit.fuzz;
