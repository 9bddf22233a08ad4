/// How a response varies, for all that has to agree on it: content codings that a client takes, the `Vary` header,
/// and the body that a response without content stands for. Not exported.
package dev.loomgate.toolkit.variants;
