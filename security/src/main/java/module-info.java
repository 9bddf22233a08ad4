/// Security that needs libraries: JSON Web Tokens, logins by OpenID Connect, password hashes, rate
/// limits. An application adds the library of what it uses.
@org.jspecify.annotations.NullMarked
module dev.loomgate.security {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.toolkit;
    requires java.net.http;
    requires com.github.benmanes.caffeine;
    requires static com.nimbusds.jose.jwt; // for dev.loomgate.security.jwt and oidc
    requires static oauth2.oidc.sdk; // for dev.loomgate.security.oidc alone
    requires static org.bouncycastle.provider; // for dev.loomgate.security.passwords alone
    requires static io.github.bucket4j.core; // for dev.loomgate.security.limits alone

    exports dev.loomgate.security.jwt;
    exports dev.loomgate.security.limits;
    exports dev.loomgate.security.oidc;
    exports dev.loomgate.security.passwords;
}
