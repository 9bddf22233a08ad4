/// Logins by OpenID Connect: the provider, and the guard with its rules. Nimbus
/// (`com.nimbusds:oauth2-oidc-sdk`) reads and writes what the protocol sends; no type of that library
/// is in what applications see. Tokens are verified by [dev.loomgate.security.jwt].
package dev.loomgate.security.oidc;
