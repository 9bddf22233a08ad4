package dev.loomgate.server;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Timer;
import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.tls.Certificates;
import dev.loomgate.server.tls.QuicContexts;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The certificates of a server's listeners for HTTPS: read at the start, and again when somebody asks or their files
/// have changed. Safe for use by several threads that aren't loops.
final class ServerCertificates {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final @Nullable Certificates all;

    // Of the watch: one callback after the other.
    private List<Stamp> used;
    private List<Stamp> seen = List.of();
    private volatile @Nullable Timer timer;
    private volatile boolean ended;

    // What a file looks like that is another one; a link is followed. Null where there is none.
    private record Stamp(
            Path path,
            @Nullable FileTime changed,
            long size,
            @Nullable Object key) {}

    private ServerCertificates(@Nullable Certificates all) {
        this.all = all;
        used = all == null ? List.of() : stamps(all);
    }

    /// Reads and checks them, if there is a listener for HTTPS. May block.
    ///
    /// @param quic makes what they are within QUIC; null where that isn't spoken
    /// @throws ServerStartException if one can't be read, or makes no sense
    static ServerCertificates load(ServerOptions options, List<ListenAddress> addresses, @Nullable QuicContexts quic)
            throws ServerStartException {
        for (ListenAddress address : addresses) {
            if (address.protocol() == ListenAddress.Protocol.HTTPS) {
                return load(options, address, quic);
            }
        }
        return new ServerCertificates(null);
    }

    private static ServerCertificates load(ServerOptions options, ListenAddress address, @Nullable QuicContexts quic)
            throws ServerStartException {
        if (options.tls().hasNone()) {
            throw new ServerStartException(
                    "%s: HTTPS needs a certificate (%s)".formatted(address, options.nameOf("certificates")));
        }
        try {
            return new ServerCertificates(Certificates.load(options.tls(), Protocols.behindTls(options), quic));
        } catch (IOException e) {
            throw new ServerStartException(Objects.requireNonNull(e.getMessage()), e);
        } catch (InvalidSetting e) {
            throw new ServerStartException(e.message(options.settingNames()), e);
        }
    }

    /// Those of the listeners for HTTPS.
    Certificates get() {
        return Objects.requireNonNull(all, "there is no listener for HTTPS");
    }

    /// What clients are shown; none where nothing listens for HTTPS. Any thread.
    List<ServerSnapshot.Certificate> snapshot() {
        return all == null ? List.of() : all.snapshot();
    }

    /// Reads and checks them again; if one makes no sense, all stay as they were.
    ///
    /// @param nextTurn completes when each loop has turned once more
    /// @throws IOException if so; the message is a line for the operator
    void reload(Supplier<CompletableFuture<Void>> nextTurn) throws IOException {
        if (all != null) {
            all.reload(release -> afterTurn(nextTurn, release));
        }
    }

    void endChallenge(String name, Supplier<CompletableFuture<Void>> nextTurn) {
        get().endChallenge(name, release -> afterTurn(nextTurn, release));
    }

    // A loop takes a certificate and makes a handler of it within one turn.
    private static void afterTurn(Supplier<CompletableFuture<Void>> nextTurn, Runnable release) {
        nextTurn.get().whenComplete((turned, problem) -> release.run());
    }

    /// Looks at the files every two seconds from now on, and reads them again when they have changed and change
    /// no more.
    void watch(Loop loop, Supplier<CompletableFuture<Void>> nextTurn) {
        if (all == null) {
            return;
        }
        timer = loop.callLater(LOOK, () -> {
            try {
                Loop.offload(() -> {
                    look(nextTurn);
                    return true;
                });
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                LOG.log(Level.ERROR, "the certificates' files can't be watched", e);
            }
            if (!ended) {
                watch(loop, nextTurn);
            }
        });
    }

    private void look(Supplier<CompletableFuture<Void>> nextTurn) {
        List<Stamp> now = stamps(get());
        List<Stamp> before = seen;
        seen = now;
        if (now.equals(used) || !now.equals(before)) {
            return;
        }
        used = now;
        try {
            reload(nextTurn);
            used = stamps(get());
            seen = used;
            LOG.log(Level.INFO, "tls: the certificates' files have changed, new connections get the new ones");
        } catch (IOException e) {
            LOG.log(Level.ERROR, "tls: the certificates stay as they were: {0}", e.getMessage());
        }
    }

    private static List<Stamp> stamps(Certificates of) {
        return of.files().stream().map(ServerCertificates::stamp).toList();
    }

    private static Stamp stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(file, attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            return new Stamp(file, null, 0, null);
        }
    }

    /// Looks at the files no more. Any thread.
    void endWatch() {
        ended = true;
        Timer last = timer;
        if (last != null) {
            last.cancel();
        }
    }

    /// Lets go of them: no connection is opened any more.
    void release() {
        if (all != null) {
            all.release();
        }
    }
}
