package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.acme.AcmeSettings;
import dev.loomgate.cli.acme.DevelopmentCertificate;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.HttpsSocket;
import dev.loomgate.cli.options.values.SocketName;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.gateway.Application;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.TlsOptions;
import dev.loomgate.server.TlsOptions.CertificateFiles;
import dev.loomgate.server.TlsOptions.ClientCertificates;
import dev.loomgate.server.TlsOptions.Engine;
import dev.loomgate.toolkit.middleware.HttpsRedirect;
import dev.loomgate.toolkit.middleware.StrictTransportSecurity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// HTTPS: where to listen for it, with which certificates, and what clients must bring.
public final class HttpsOptions {
    private static final TlsOptions DEFAULTS = TlsOptions.builder().build();

    static final Option<List<HttpsSocket>> HTTPS = Option.values(
                    ValueType.parsed("HOST:PORT[,CERT,KEY]", HttpsSocket.class, HttpsSocket::of, HttpsSocket::toString),
                    "--https",
                    "--https-socket")
            .setting("ListenAddress.https")
            .inUwsgi("same, without a router process; certificates are for all HTTPS listeners, by name")
            .says("listen for HTTPS: HTTP behind TLS; with the files of a certificate and its key, or those of"
                    + " --certificate; as uWSGI has it, ciphers and the authorities for clients may follow");

    static final Option<List<HttpsSocket>> HTTPS2 = Option.values(
                    ValueType.parsed("KEY=VALUE,...", HttpsSocket.class, HttpsSocket::ofKeys, HttpsSocket::toString),
                    "--https2")
            .inUwsgi("same, without spdy")
            .says("as --https, with keys: addr, cert, key, ciphers, clientca");

    static final Option<List<Path>> CERTIFICATE = Option.values(
                    ValueType.PATH, "--certificate", "--certfile", "--ssl-certfile")
            .label("FILE")
            .setting("certificates")
            .says("a certificate in PEM, and behind it those of the authorities between it and a root; the first one"
                    + " is for clients that name no server, the others are found by the names in them. FILE.ocsp beside"
                    + " it, an OCSP response, is stapled");

    static final Option<List<Path>> KEY = Option.values(ValueType.PATH, "--key", "--keyfile", "--ssl-keyfile")
            .label("FILE")
            .says("the private key of the certificate at the same place among them, in PEM, not encrypted; without one"
                    + " it stands in the certificate's file");

    static final Option<List<HttpsSocket>> SNI = Option.values(
                    ValueType.parsed("NAME CERT,KEY", HttpsSocket.class, HttpsSocket::ofName, HttpsSocket::toString),
                    "--sni")
            .inUwsgi(Option.SAME)
            .says("a certificate for clients that name this server");

    static final Option<List<Path>> SNI_DIR = Option.values(ValueType.PATH, "--sni-dir")
            .label("DIRECTORY")
            .inUwsgi("read at the start and when it changes, not at each handshake; repeatable")
            .says("more certificates, each by its name: NAME.crt, NAME.key, and for certificates of clients NAME.ca");

    static final Option<Path> CLIENT_CA = Option.value(ValueType.PATH, "--client-ca", "--ca-certs", "--ssl-ca-certs")
            .label("FILE")
            .setting("clientAuthorities")
            .says("the authorities whose certificates of clients are trusted, in PEM");

    static final Option<ClientCertificates> CLIENT_CERTIFICATE = Option.value(
                    ValueType.choice("WHEN", ClientCertificates.class), "--client-certificate")
            .setting("clientCertificates")
            .standardText("required with --client-ca, else none")
            .says(
                    "whether clients are asked for a certificate: none, optional, required; SSL_CLIENT_VERIFY and kin tell"
                            + " the application");

    static final Option<List<String>> TLS_VERSIONS = Option.values(ValueType.TEXT, "--tls-versions")
            .label("VERSION,...")
            .separatedBy(",")
            .sets(DEFAULTS, TlsOptions.Builder.class, "tlsVersions", TlsOptions::versions, TlsOptions.Builder::versions)
            .standardText("TLSv1.2,TLSv1.3")
            .says("versions of TLS that are spoken");

    static final Option<List<String>> CIPHERS = Option.values(ValueType.TEXT, "--ciphers", "--ssl-ciphers")
            .label("NAME:...")
            .separatedBy("[:,]")
            .standardText("those with forward secrecy and AEAD")
            .says(
                    "ciphers of TLS 1.2, as OpenSSL or IANA name them; OpenSSL's words for several, as HIGH, mean nothing");

    static final Option<Engine> TLS_ENGINE = Option.value(ValueType.choice("ENGINE", Engine.class), "--tls-engine")
            .sets(DEFAULTS, TlsOptions.Builder.class, "tlsEngine", TlsOptions::engine, TlsOptions.Builder::engine)
            .says("what does TLS: auto (BoringSSL where it can be loaded, else the JDK), openssl, jdk");

    static final Option<List<SocketName>> HTTP_TO_HTTPS = Option.values(ValueType.HTTP, "--http-to-https")
            .inUwsgi("308 for methods with a body, so that it is sent again")
            .says("listen for HTTP, and send clients to the same URL by HTTPS");

    static final Option<Duration> HSTS = Option.value(ValueType.TIME, "--hsts")
            .says("tell browsers to come by HTTPS alone for that long (Strict-Transport-Security)");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            HTTPS,
            HTTPS2,
            CERTIFICATE,
            KEY,
            SNI,
            SNI_DIR,
            CLIENT_CA,
            CLIENT_CERTIFICATE,
            TLS_VERSIONS,
            CIPHERS,
            TLS_ENGINE,
            HTTP_TO_HTTPS,
            HSTS);

    private static final int STANDARD_PORT = 443;

    private HttpsOptions() {}

    /// The places to listen at for HTTPS.
    static List<SocketName> sockets(OptionValues values) {
        return Stream.concat(values.of(HTTPS).stream(), values.of(HTTPS2).stream())
                .map(HttpsSocket::socket)
                .toList();
    }

    /// Sets what these options ask for.
    ///
    /// @param directory that paths are relative to
    /// @param demo whether HTTPS without a certificate gets one for `localhost` that nobody trusts
    /// @throws IllegalArgumentException if they don't go together, or that one can't be made
    public static void applyTo(ServerOptions.Builder options, OptionValues values, Path directory, boolean demo) {
        List<HttpsSocket> named = Stream.of(HTTPS, HTTPS2, SNI)
                .flatMap(option -> values.of(option).stream())
                .filter(socket -> socket.certificate().isPresent())
                .toList();
        List<CertificateFiles> certificates = new ArrayList<>(pairs(values));
        named.forEach(socket -> certificates.add(socket.certificate().orElseThrow()));
        AcmeSettings acme = AcmeOptions.settings(values, directory);
        if (acme.isWanted()) {
            certificates.add(new CertificateFiles(acme.chain(), acme.key()));
        }
        boolean none = certificates.isEmpty() && values.of(SNI_DIR).isEmpty();
        if (demo && none && !sockets(values).isEmpty()) {
            certificates.add(forDevelopment());
        }
        TlsOptions.Builder tls = TlsOptions.builder();
        values.applyTo(tls);
        tls.certificates(
                certificates.stream().map(files -> in(directory, files)).toList());
        tls.directories(values.of(SNI_DIR).stream().map(directory::resolve).toList());
        ciphers(values, named).ifPresent(all -> tls.ciphers(all));
        Optional<Path> authorities = values.given(CLIENT_CA);
        authorities.map(directory::resolve).ifPresent(tls::clientAuthorities);
        boolean some = named.stream().anyMatch(socket -> socket.certificate()
                .flatMap(CertificateFiles::clientAuthorities)
                .isPresent());
        boolean required = named.stream().anyMatch(HttpsSocket::required);
        ClientCertificates unlessGiven = required || authorities.isPresent()
                ? ClientCertificates.REQUIRED
                : some || !values.of(SNI_DIR).isEmpty() ? ClientCertificates.OPTIONAL : ClientCertificates.NONE;
        tls.clientCertificates(values.given(CLIENT_CERTIFICATE).orElse(unlessGiven));
        options.tls(tls.build());
    }

    private static CertificateFiles forDevelopment() {
        try {
            return DevelopmentCertificate.in(AcmeOptions.state().resolve("development"));
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static List<CertificateFiles> pairs(OptionValues values) {
        List<Path> chains = values.of(CERTIFICATE);
        List<Path> keys = values.of(KEY);
        if (keys.size() > chains.size() || (!keys.isEmpty() && keys.size() < chains.size())) {
            throw new IllegalArgumentException(
                    "there are %d of --certificate and %d of --key: each key belongs to the certificate at its place, or"
                                    .formatted(chains.size(), keys.size())
                            + " all stand in the certificates' files");
        }
        List<CertificateFiles> pairs = new ArrayList<>();
        for (int i = 0; i < chains.size(); i++) {
            pairs.add(new CertificateFiles(chains.get(i), keys.isEmpty() ? chains.get(i) : keys.get(i)));
        }
        return pairs;
    }

    private static CertificateFiles in(Path directory, CertificateFiles files) {
        return new CertificateFiles(
                directory.resolve(files.chain()),
                directory.resolve(files.key()),
                files.names(),
                files.clientAuthorities().map(directory::resolve));
    }

    private static Optional<List<String>> ciphers(OptionValues values, List<HttpsSocket> named) {
        Set<List<String>> all = new LinkedHashSet<>();
        values.given(CIPHERS).ifPresent(all::add);
        named.forEach(socket -> socket.ciphers().ifPresent(list -> all.add(List.of(list.split(":")))));
        if (all.size() > 1) {
            throw new IllegalArgumentException("%s: all HTTPS listeners of a server have the same ciphers, not %s"
                    .formatted(CIPHERS.longName(), all));
        }
        return all.stream().findFirst();
    }

    /// What stands before the application for HTTPS's sake.
    public static Application wrap(Application application, OptionValues values) {
        Application wrapped = application;
        Optional<Duration> hsts = values.given(HSTS);
        if (hsts.isPresent()) {
            wrapped = StrictTransportSecurity.of(hsts.get()).wrap(wrapped);
        }
        if (!values.of(HTTP_TO_HTTPS).isEmpty()) {
            wrapped = redirect(values).wrap(wrapped);
        }
        return wrapped;
    }

    private static HttpsRedirect redirect(OptionValues values) {
        HttpsRedirect redirect =
                HttpsRedirect.toPort(ports(sockets(values)).findFirst().orElse(STANDARD_PORT));
        for (int port : ports(values.of(HTTP_TO_HTTPS)).toList()) {
            redirect = redirect.fromPort(port);
        }
        return redirect;
    }

    private static Stream<Integer> ports(List<SocketName> sockets) {
        return sockets.stream()
                .flatMap(socket ->
                        socket instanceof SocketName.At(Place.Tcp tcp) ? Stream.of(tcp.port()) : Stream.empty());
    }
}
