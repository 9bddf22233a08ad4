/// Guards of a [dev.loomgate.toolkit.resources.WebApplication]: who sends a request, and whether on
/// purpose.
///
/// | guard | asks for |
/// |---|---|
/// | [CsrfProtection] | the token of a page of this site |
/// | [BasicAuthentication] | a name and a password |
/// | [BearerAuthentication] | a token |
///
/// What needs a library is in the module `security`: JSON Web Tokens, password hashes, OpenID Connect,
/// rate limits. The headers that tell browsers to be careful are a middleware,
/// [dev.loomgate.toolkit.middleware.SecurityHeaders], since they are on every response.
package dev.loomgate.toolkit.security;
