/// A script that is run instead of answering requests: the role of its process. What that does is
/// `loomgate_worker.background.script`'s. Not exported.
package dev.loomgate.python.script;
