/// Certificates that the server gets by itself, from an authority that speaks ACME (RFC 8555): `--acme DOMAIN`. acme4j
/// speaks it; here is when, where the files are, and how the authority sees that the name is this server's. Not
/// exported.
package dev.loomgate.cli.acme;
