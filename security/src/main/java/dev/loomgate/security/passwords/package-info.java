/// Hashes of passwords: scrypt by Bouncy Castle (`org.bouncycastle:bcprov-jdk18on`), PBKDF2 by the
/// JDK. What is here holds its thread on purpose, and runs in the threads for blocking work.
package dev.loomgate.security.passwords;
