/// The matcher: which rule a path and a method lead to. Not exported.
///
/// A rule's text is cut into [Part]s at its slashes; the parts of all rules make a tree of [State]s (which grow as
/// [Branch]es), which one [Search] walks for each request. A [RulePattern] is all that this knows of a rule: no
/// endpoint, no redirect, no URL to build.
package dev.loomgate.toolkit.routing.matching;
