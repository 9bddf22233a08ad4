/// The class `uwsgi` as its source text. Not exported, and never used from here: it is in no package when a program
/// sees it.
package dev.loomgate.jwsgi.program;
