/// Checks what the container gives: the environ, and the input and the errors stream in it, which are looked at on
/// each use by either side.
///
/// Not exported. Nothing of the response belongs here.
package dev.loomgate.gateway.lint.request;
