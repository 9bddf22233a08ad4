/// JSON Web Tokens as credentials, verified by Nimbus (`com.nimbusds:nimbus-jose-jwt`): no type of
/// that library is in what applications see.
package dev.loomgate.security.jwt;
