package dev.loomgate.server.tls;

import dev.loomgate.server.ServerSnapshot;
import dev.loomgate.server.TlsOptions;
import dev.loomgate.server.TlsOptions.CertificateFiles;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The certificates of a server, by the names that clients ask for (RFC 6066 section 3). They may be replaced while
/// the server runs: what connections have had stays theirs.
public final class Certificates {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final String CHAIN = ".crt";

    private final TlsOptions options;
    private final List<String> protocols;
    private final @Nullable QuicContexts quic;
    private final Map<String, ServerContext> challenges = new ConcurrentHashMap<>();
    private volatile Loaded loaded;

    private record Loaded(ServerContext first, Map<String, ServerContext> byName, List<ServerContext> all) {}

    private Certificates(TlsOptions options, List<String> protocols, @Nullable QuicContexts quic) throws IOException {
        this.options = options;
        this.protocols = List.copyOf(protocols);
        this.quic = quic;
        this.loaded = load();
        List<String> words = options.ciphers().stream()
                .filter(word -> !ServerContext.isCipher(word))
                .toList();
        if (!words.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "tls: {0} name no single cipher and mean nothing here; without names of ciphers the default is taken",
                    String.join(", ", words));
        }
    }

    /// Reads and checks them. May block.
    ///
    /// @param protocols that may follow, the first is preferred; as ALPN names them (RFC 7301)
    /// @param quic makes what they are within QUIC; null where that isn't spoken
    /// @throws IOException if one can't be read, or makes no sense; the message is a line for the operator
    /// @throws IllegalArgumentException if the options ask for what isn't here; the message names one
    public static Certificates load(TlsOptions options, List<String> protocols, @Nullable QuicContexts quic)
            throws IOException {
        return new Certificates(options, protocols, quic);
    }

    private Loaded load() throws IOException {
        List<CertificateFiles> files = new ArrayList<>(options.certificates());
        for (Path directory : options.directories()) {
            files.addAll(in(directory));
        }
        if (files.isEmpty()) {
            throw new IOException("there is no certificate for TLS");
        }
        // All are read before one is built: what is built must be released.
        List<LoadedCertificate> certificates = new ArrayList<>();
        for (CertificateFiles each : files) {
            certificates.add(LoadedCertificate.of(each, options.clientAuthorities()));
        }
        List<ServerContext> all = new ArrayList<>();
        try {
            for (LoadedCertificate each : certificates) {
                all.add(ServerContext.of(each, options, protocols, quic));
            }
        } catch (IOException | RuntimeException e) {
            all.forEach(ServerContext::release);
            throw e;
        }
        Map<String, ServerContext> byName = new HashMap<>();
        for (ServerContext context : all) {
            context.certificate().names().forEach(name -> byName.putIfAbsent(name, context));
        }
        return new Loaded(all.getFirst(), byName, all);
    }

    // As uWSGI's sni-dir: NAME.crt, NAME.key, and for certificates of clients NAME.ca.
    private static List<CertificateFiles> in(Path directory) throws IOException {
        List<Path> chains;
        try (Stream<Path> files = Files.list(directory)) {
            chains = files.filter(file -> file.getFileName().toString().endsWith(CHAIN))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IOException(directory + ": the directory of certificates can't be read: " + e.getMessage(), e);
        }
        return chains.stream()
                .map(chain -> {
                    String file = chain.getFileName().toString();
                    String name = file.substring(0, file.length() - CHAIN.length());
                    Path authorities = directory.resolve(name + ".ca");
                    return new CertificateFiles(
                            chain,
                            directory.resolve(name + ".key"),
                            List.of(name),
                            Files.exists(authorities) ? Optional.of(authorities) : Optional.empty());
                })
                .toList();
    }

    /// Reads and checks them again; new connections get them. May block.
    ///
    /// @param unused run when those before are no longer used to make handlers; called with what lets go of them
    /// @throws IOException if one can't be read, or makes no sense: then everything stays as it was. The
    /// message is a line for the operator
    public synchronized void reload(Consumer<Runnable> unused) throws IOException {
        Loaded before = loaded;
        loaded = load();
        unused.accept(() -> before.all().forEach(ServerContext::release));
    }

    /// What clients are shown. Any thread.
    public List<ServerSnapshot.Certificate> snapshot() {
        return loaded.all().stream()
                .map(ServerContext::certificate)
                .map(each -> new ServerSnapshot.Certificate(
                        each.names(), each.chain().getFirst().getNotAfter().toInstant()))
                .toList();
    }

    /// The files that they are made of, and the directories.
    public List<Path> files() {
        List<Path> all = new ArrayList<>(options.directories());
        options.clientAuthorities().ifPresent(all::add);
        loaded.all()
                .forEach(each ->
                        all.addAll(LoadedCertificate.watched(each.certificate().files())));
        return all;
    }

    /// Shows an authority that checks who has a name what it asks for (RFC 8737), until [#endChallenge].
    ///
    /// @throws IOException if TLS can't be spoken with it
    public void answerChallenge(String name, X509Certificate certificate, PrivateKey key) throws IOException {
        challenges.put(name.toLowerCase(Locale.ROOT), ServerContext.ofChallenge(certificate, key, options));
    }

    /// @param unused as for [#reload]
    public void endChallenge(String name, Consumer<Runnable> unused) {
        ServerContext ended = challenges.remove(name.toLowerCase(Locale.ROOT));
        if (ended != null) {
            unused.accept(ended::release);
        }
    }

    /// Lets go of them: no connection is opened any more.
    public void release() {
        challenges.values().forEach(ServerContext::release);
        loaded.all().forEach(ServerContext::release);
    }

    /// What a handshake within QUIC is made with for a name, or for none. To be used in the loop's turn that asks.
    public SslContext ofQuic(@Nullable String name) {
        return of(name, false).quic();
    }

    /// That for a name: its own, else one for all names beside it (RFC 6125 section 6.4.3), else the first.
    ///
    /// @param isOfAuthority whether an authority checks who has the name
    ServerContext of(@Nullable String name, boolean isOfAuthority) {
        Loaded current = loaded;
        if (name == null) {
            return current.first();
        }
        String lower = name.toLowerCase(Locale.ROOT);
        ServerContext challenge = isOfAuthority ? challenges.get(lower) : null;
        if (challenge != null) {
            return challenge;
        }
        ServerContext own = current.byName().get(lower);
        if (own == null) {
            int dot = lower.indexOf('.');
            own = dot < 0 ? null : current.byName().get("*" + lower.substring(dot));
        }
        return own == null ? current.first() : own;
    }
}
