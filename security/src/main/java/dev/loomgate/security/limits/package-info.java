/// How many requests a client may send: token buckets, in this process by bucket4j
/// (`com.bucket4j:bucket4j_jdk17-core`), or in a store that several servers share.
package dev.loomgate.security.limits;
