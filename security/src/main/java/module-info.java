/// Security that needs libraries: JSON Web Tokens, password hashes, rate limits. An application adds
/// the library of what it uses.
@org.jspecify.annotations.NullMarked
module dev.loomgate.security {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.toolkit;
    requires java.net.http;
    requires com.github.benmanes.caffeine;
    requires static com.nimbusds.jose.jwt; // for dev.loomgate.security.jwt alone
    requires static org.bouncycastle.provider; // for dev.loomgate.security.passwords alone
    requires static io.github.bucket4j.core; // for dev.loomgate.security.limits alone

    exports dev.loomgate.security.jwt;
    exports dev.loomgate.security.limits;
    exports dev.loomgate.security.passwords;
}
