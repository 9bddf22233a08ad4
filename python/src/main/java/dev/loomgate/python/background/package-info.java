/// Processes that answer no requests, such as spoolers: a role for each kind, what its processes are told and what
/// they tell. What they do is `loomgate_worker.background`'s. Nothing here knows a kind of them. Not exported.
package dev.loomgate.python.background;
