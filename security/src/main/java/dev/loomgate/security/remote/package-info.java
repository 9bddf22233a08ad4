/// What is fetched from other servers: sets of keys, documents and tokens of OpenID providers. Not
/// exported.
package dev.loomgate.security.remote;
