package dev.loomgate.security.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.loomgate.toolkit.JsonCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// An OpenID provider: document, authorization, tokens and keys. It is strict where providers have to be
/// (a code is good once, for its client, redirect URI and verifier), and lies where it is told to.
public final class OidcServer implements AutoCloseable {
    static final String CLIENT = "office";
    /// What the client proves itself with.
    public static final String SECRET = "only the office knows";
    static final RSAKey KEY = key("1");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final Map<String, Object> document = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String person = "42";
    private volatile boolean down;
    private volatile boolean namesItself;
    private volatile UnaryOperator<JWTClaimsSet.Builder> claims = UnaryOperator.identity();
    private volatile Function<JWTClaimsSet, String> signature = claims -> signed(KEY, claims);

    private record Answer(int status, Map<String, String> headers, String body) {}

    private interface Endpoint {
        Answer answer(HttpExchange exchange) throws IOException;
    }

    public OidcServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        add("/.well-known/openid-configuration", _ -> json(200, document));
        add("/authorize", this::authorize);
        add("/token", this::token);
        add("/jwks", _ -> json(200, new JWKSet(KEY).toJSONObject()));
        server.start();
        document.putAll(Map.of(
                "issuer", issuer(),
                "authorization_endpoint", issuer() + "/authorize?tenant=7",
                "token_endpoint", issuer() + "/token",
                "jwks_uri", issuer() + "/jwks",
                "response_types_supported", List.of("code"),
                "subject_types_supported", List.of("public"),
                "id_token_signing_alg_values_supported", List.of("RS256")));
    }

    static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static String signed(RSAKey key, JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// Who is at the browser from now on.
    void person(String subject) {
        person = subject;
    }

    /// Changes its document.
    void says(String name, Object value) {
        document.put(name, value);
    }

    /// Answers with its name (RFC 9207).
    void namesItself() {
        namesItself = true;
        says("authorization_response_iss_parameter_supported", true);
    }

    /// Answers everything by 500, or not any more.
    void down(boolean is) {
        down = is;
    }

    /// Changes the tokens' claims.
    void claims(UnaryOperator<JWTClaimsSet.Builder> change) {
        claims = change;
    }

    /// Signs otherwise.
    void signature(Function<JWTClaimsSet, String> other) {
        signature = other;
    }

    /// The paths that it was asked for.
    List<String> asked() {
        return asked;
    }

    private Answer authorize(HttpExchange exchange) {
        Map<String, String> query = fields(exchange.getRequestURI().getRawQuery());
        if (!query.getOrDefault("client_id", "").equals(CLIENT)
                || !query.getOrDefault("response_type", "").equals("code")
                || !List.of(query.getOrDefault("scope", "").split(" ", -1)).contains("openid")
                || !query.getOrDefault("code_challenge_method", "").equals("S256")
                || !query.getOrDefault("tenant", "").equals("7")) {
            return new Answer(400, Map.of(), "");
        }
        String code = UUID.randomUUID().toString();
        codes.put(code, query);
        String location = query.get("redirect_uri") + "?code=" + code + "&state="
                + URLEncoder.encode(query.get("state"), StandardCharsets.UTF_8)
                + (namesItself ? "&iss=" + URLEncoder.encode(issuer(), StandardCharsets.UTF_8) : "");
        return new Answer(302, Map.of("Location", location), "");
    }

    private Answer token(HttpExchange exchange) throws IOException {
        Map<String, String> form =
                fields(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII));
        if (!knows(exchange.getRequestHeaders().getFirst("Authorization"), form)) {
            return json(401, Map.of("error", "invalid_client"));
        }
        Map<String, String> begun = codes.remove(form.getOrDefault("code", ""));
        if (begun == null
                || !form.getOrDefault("grant_type", "").equals("authorization_code")
                || !begun.get("redirect_uri").equals(form.get("redirect_uri"))
                || !begun.get("code_challenge").equals(hash(form.getOrDefault("code_verifier", "")))) {
            return json(400, Map.of("error", "invalid_grant", "error_description", "<b>no</b>"));
        }
        JWTClaimsSet made = claims.apply(new JWTClaimsSet.Builder()
                        .issuer(issuer())
                        .subject(person)
                        .audience(CLIENT)
                        .issueTime(Date.from(Instant.now()))
                        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                        .claim("nonce", begun.get("nonce"))
                        .claim("email", person + "@example.org"))
                .build();
        return json(200, Map.of("access_token", "opaque", "token_type", "Bearer", "id_token", signature.apply(made)));
    }

    private boolean knows(String authorization, Map<String, String> form) {
        List<?> methods = (List<?>) document.getOrDefault("token_endpoint_auth_methods_supported", List.of());
        if (methods.contains("none")) {
            return authorization == null && form.getOrDefault("client_id", "").equals(CLIENT);
        }
        if (methods.contains("client_secret_post")) {
            return authorization == null
                    && form.getOrDefault("client_secret", "").equals(SECRET);
        }
        String credentials = CLIENT + ":" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
        return ("Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                .equals(authorization);
    }

    private static String hash(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static Map<String, String> fields(String encoded) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : encoded.split("&", -1)) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static Answer json(int status, Map<String, ?> object) {
        return new Answer(
                status,
                Map.of("Content-Type", "application/json"),
                new String(JsonCodec.jackson().write(object), StandardCharsets.UTF_8));
    }

    private void add(String path, Endpoint endpoint) {
        server.createContext(path, exchange -> {
            asked.add(path);
            Answer answer = down ? new Answer(500, Map.of(), "") : endpoint.answer(exchange);
            answer.headers().forEach(exchange.getResponseHeaders()::add);
            exchange.sendResponseHeaders(answer.status(), 0);
            try (exchange) {
                exchange.getResponseBody().write(answer.body().getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    URI url() {
        return URI.create(issuer());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
