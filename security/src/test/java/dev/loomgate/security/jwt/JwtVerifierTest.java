package dev.loomgate.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.loomgate.toolkit.security.InvalidToken;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtVerifierTest {
    private static final RSAKey KEY = Tokens.rsa("1");
    private static final PublicKey PUBLIC_KEY = publicKey(KEY);

    private final JwtVerifier verifier = verifier(JwtKeys.publicKey(PUBLIC_KEY, "RS256"));

    private static PublicKey publicKey(RSAKey key) {
        try {
            return key.toPublicKey();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static JwtVerifier verifier(JwtKeys keys) {
        return JwtVerifier.of(keys, Tokens.ISSUER, Tokens.AUDIENCE).withClock(InstantSource.fixed(Tokens.NOW));
    }

    private static void assertRefused(JwtVerifier verifier, String token, String reason) {
        assertThatThrownBy(() -> verifier.verify(token))
                .isInstanceOf(InvalidToken.class)
                .hasMessage(reason);
    }

    @Test
    void whatAGoodTokenSays() throws Exception {
        JWTClaimsSet claims = Tokens.claims().claim("scope", "read  write").build();

        JwtClaims said = verifier.verify(Tokens.signed(KEY, claims));

        assertThat(said.subject()).isEqualTo("42");
        assertThat(said.issuer()).isEqualTo(Tokens.ISSUER);
        assertThat(said.audience()).containsExactly("https://other.example.org", Tokens.AUDIENCE);
        assertThat(said.expires()).isEqualTo(Tokens.NOW.plusSeconds(60));
        assertThat(said.scopes()).containsExactly("read", "write");
        assertThat(said.all()).containsEntry("sub", "42").containsKeys("exp", "nbf", "aud");
        assertThat(said).hasToString("JwtClaims of 42");
    }

    record Customer(String sub, List<String> roles, Address address) {
        record Address(String city) {}
    }

    @Test
    void claimsBecomeARecord() throws Exception {
        JWTClaimsSet claims = Tokens.claims()
                .claim("roles", List.of("buyer"))
                .claim("address", java.util.Map.of("city", "Ulm"))
                .build();

        assertThat(verifier.verify(Tokens.signed(KEY, claims)).as(Customer.class))
                .isEqualTo(new Customer("42", List.of("buyer"), new Customer.Address("Ulm")));
    }

    @Test
    void claimsThatAreNoSuchRecordAreAnError() throws Exception {
        JwtClaims said = verifier.verify(Tokens.signed(KEY, Tokens.claims().build()));

        assertThatThrownBy(() -> said.as(Customer.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Customer");
    }

    @Test
    void scopesMayBeAList() throws Exception {
        JWTClaimsSet claims =
                Tokens.claims().claim("scp", List.of("read", "write")).build();

        assertThat(verifier.verify(Tokens.signed(KEY, claims)).scopes()).containsExactly("read", "write");
    }

    @Test
    void aTokenThatIsNotSignedIsRefused() {
        String none = new PlainJWT(Tokens.claims().build()).serialize();

        assertThat(none).endsWith(".");
        assertRefused(verifier, none, "The token is not signed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE"})
    void noSpellingOfNoneIsAnAlgorithm(String none) throws Exception {
        String good = Tokens.signed(KEY, Tokens.claims().build());
        String header = Base64URL.encode("{\"alg\":\"" + none + "\"}").toString();
        String payload = good.split("\\.", -1)[1];

        for (String signature : List.of("", good.split("\\.", -1)[2])) {
            assertThatThrownBy(() -> verifier.verify(header + "." + payload + "." + signature))
                    .isInstanceOf(InvalidToken.class);
        }
    }

    /// The public key, which everybody has, taken for a secret: in each form that it is written in.
    @Test
    void aPublicKeyIsNoSecret() throws Exception {
        byte[] der = PUBLIC_KEY.getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + java.util.Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END PUBLIC KEY-----";
        List<byte[]> forms = List.of(
                der,
                pem.getBytes(StandardCharsets.US_ASCII),
                (pem + "\n").getBytes(StandardCharsets.US_ASCII),
                KEY.toPublicJWK().toJSONString().getBytes(StandardCharsets.US_ASCII));

        try (KeyServer server = new KeyServer(KEY)) {
            JwtVerifier fetching = verifier(JwtKeys.at(server.url(), "RS256"));
            for (byte[] form : forms) {
                String token = Tokens.signed(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("1").build(),
                        new MACSigner(form),
                        Tokens.claims().build());

                assertRefused(verifier, token, "The token is signed by an algorithm that is not accepted here");
                assertRefused(fetching, token, "The token is signed by an algorithm that is not accepted here");
            }
        }
    }

    @Test
    void keysAndAlgorithmsAreOfOneKind() {
        byte[] secret = new byte[64];

        assertThatThrownBy(() -> JwtKeys.publicKey(PUBLIC_KEY, "HS256")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JwtKeys.publicKey(PUBLIC_KEY, "ES256")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JwtKeys.publicKey(PUBLIC_KEY, "RS256", "HS256"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JwtKeys.publicKey(PUBLIC_KEY)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JwtKeys.publicKey(PUBLIC_KEY, "none")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JwtKeys.secret(secret, "RS256")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JwtKeys.at(java.net.URI.create("https://id.example.org/jwks"), "HS256"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HS256");
    }

    @Test
    void keysThatAreTooShortStopTheStart() throws Exception {
        java.security.KeyPairGenerator generator = java.security.KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        PublicKey weak = generator.generateKeyPair().getPublic();

        assertThatThrownBy(() -> JwtKeys.publicKey(weak, "RS256"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2048");
        assertThatThrownBy(() -> JwtKeys.secret(new byte[32], "HS256", "HS512"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("256 bits")
                .hasMessageContaining("512");
    }

    @Test
    void anotherKeysSignatureIsWrong() throws Exception {
        assertRefused(
                verifier,
                Tokens.signed(Tokens.rsa("1"), Tokens.claims().build()),
                "The token has a wrong signature, an unknown key or another type");
    }

    @Test
    void anotherAlgorithmOfTheSameKeyIsRefused() throws Exception {
        String token = Tokens.signed(
                new JWSHeader(JWSAlgorithm.PS256),
                new RSASSASigner(KEY),
                Tokens.claims().build());

        assertRefused(verifier, token, "The token is signed by an algorithm that is not accepted here");
    }

    @Test
    void aChangedTokenIsRefused() throws Exception {
        String[] parts = Tokens.signed(KEY, Tokens.claims().build()).split("\\.", -1);
        String other = Base64URL.encode(Tokens.claims().subject("1").build().toString())
                .toString();

        assertThatThrownBy(() -> verifier.verify(parts[0] + "." + other + "." + parts[2]))
                .isInstanceOf(InvalidToken.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b.c", "..", "e30.e30.", "a.b.c.d.e", "eyJhbGciOiJSUzI1NiJ9..", "....", "."})
    void whatIsNoTokenIsRefused(String text) {
        assertThatThrownBy(() -> verifier.verify(text)).isInstanceOf(InvalidToken.class);
    }

    @ParameterizedTest
    @CsvSource({
        "exp, -29, good",
        "exp, -30, The token has expired",
        "exp, -31, The token has expired",
        "nbf, 30, good",
        "nbf, 31, The token is not valid yet"
    })
    void clocksMayDifferByTheLeeway(String claim, int seconds, String outcome) throws Exception {
        String token = Tokens.signed(
                KEY,
                Tokens.claims()
                        .claim(claim, Date.from(Tokens.NOW.plusSeconds(seconds)))
                        .build());

        if (outcome.equals("good")) {
            assertThat(verifier.verify(token).subject()).isEqualTo("42");
        } else {
            assertRefused(verifier, token, outcome);
        }
    }

    @Test
    void theLeewayMayBeNone() throws Exception {
        String token = Tokens.signed(
                KEY, Tokens.claims().expirationTime(Date.from(Tokens.NOW)).build());

        assertThat(verifier.verify(token).subject()).isEqualTo("42");
        assertRefused(verifier.withLeeway(Duration.ZERO), token, "The token has expired");
        assertThatThrownBy(() -> verifier.withLeeway(Duration.ofMinutes(6)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("withLeeway");
    }

    @Test
    void aTokenHasAnEndAnIssuerAndAnAudience() throws Exception {
        assertRefused(
                verifier,
                Tokens.signed(KEY, Tokens.claims().expirationTime(null).build()),
                "The token has no end");
        assertRefused(
                verifier,
                Tokens.signed(
                        KEY, Tokens.claims().issuer("https://id.example.org").build()),
                "The token is of another issuer");
        assertRefused(
                verifier, Tokens.signed(KEY, Tokens.claims().issuer(null).build()), "The token is of another issuer");
        assertRefused(
                verifier,
                Tokens.signed(
                        KEY, Tokens.claims().audience(Tokens.AUDIENCE + "/").build()),
                "The token is meant for others");
        assertRefused(
                verifier,
                Tokens.signed(KEY, Tokens.claims().audience((String) null).build()),
                "The token is meant for others");
    }

    @Test
    void anAccessTokenMayHaveItsType() throws Exception {
        JWTClaimsSet claims = Tokens.claims().build();

        assertThat(verifier.verify(Tokens.typed(KEY, "at+jwt", claims)).subject())
                .isEqualTo("42");
        assertThat(verifier.verify(Tokens.typed(KEY, "JWT", claims)).subject()).isEqualTo("42");
        assertThatThrownBy(() -> verifier.verify(Tokens.typed(KEY, "logout+jwt", claims)))
                .isInstanceOf(InvalidToken.class);
    }

    @Test
    void aCurvesKeyAndASecretVerify() throws Exception {
        ECKey curve = new ECKeyGenerator(Curve.P_256).generate();
        byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        JWTClaimsSet claims = Tokens.claims().build();

        assertThat(verifier(JwtKeys.publicKey(curve.toPublicKey(), "ES256"))
                        .verify(Tokens.signed(new JWSHeader(JWSAlgorithm.ES256), new ECDSASigner(curve), claims))
                        .subject())
                .isEqualTo("42");
        assertThat(verifier(JwtKeys.secret(secret, "HS256"))
                        .verify(Tokens.signed(new JWSHeader(JWSAlgorithm.HS256), new MACSigner(secret), claims))
                        .subject())
                .isEqualTo("42");
    }

    @Test
    void aWeakKeyOfTheSetIsNotUsed() throws Exception {
        java.security.KeyPairGenerator generator = java.security.KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        java.security.KeyPair pair = generator.generateKeyPair();
        RSAKey weak = new RSAKey.Builder((java.security.interfaces.RSAPublicKey) pair.getPublic())
                .privateKey(pair.getPrivate())
                .keyID("weak")
                .build();
        RSASSASigner signer = new RSASSASigner(
                pair.getPrivate(), java.util.Set.of(com.nimbusds.jose.crypto.opts.AllowWeakRSAKey.getInstance()));

        try (KeyServer server = new KeyServer(weak)) {
            String token = Tokens.signed(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("weak").build(),
                    signer,
                    Tokens.claims().build());

            assertThatThrownBy(() -> verifier(JwtKeys.at(server.url(), "RS256")).verify(token))
                    .isInstanceOf(InvalidToken.class);
        }
    }
}
