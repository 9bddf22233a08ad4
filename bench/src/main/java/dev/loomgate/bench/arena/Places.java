package dev.loomgate.bench.arena;

import dev.loomgate.bench.harness.Address;
import dev.loomgate.bench.harness.SelfSigned;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Where an entry listens on 127.0.0.1, and what it serves.
///
/// @param http HTTP/1.1: HttpArena's port 8080
/// @param https HTTP/1.1 behind TLS: 8081
/// @param h2c HTTP/2 by prior knowledge, and nothing else: 8082
/// @param h2 HTTP/2 behind TLS: 8443
/// @param data a folder that [ArenaData] has made
public record Places(Address http, Address https, Address h2c, Address h2, Path data, SelfSigned certificate) {
    static final String HOST = "127.0.0.1";

    /// Four free ports.
    public static Places free(Path data, SelfSigned certificate) throws IOException {
        return new Places(
                Address.free(), Address.freeForTls(), Address.free(), Address.freeForTls(), data, certificate);
    }

    /// From a program's arguments, as [#arguments] has them.
    static Places of(String... args) {
        if (args.length != 8) {
            throw new IllegalArgumentException("usage: HTTP HTTPS H2C H2 DATA CERTIFICATE KEY STORE");
        }
        return new Places(
                new Address(Integer.parseInt(args[0]), false),
                new Address(Integer.parseInt(args[1]), true),
                new Address(Integer.parseInt(args[2]), false),
                new Address(Integer.parseInt(args[3]), true),
                Path.of(args[4]),
                new SelfSigned(Path.of(args[5]), Path.of(args[6]), Path.of(args[7])));
    }

    /// What an entry's program is started with.
    public List<String> arguments() {
        return List.of(
                Integer.toString(http.port()),
                Integer.toString(https.port()),
                Integer.toString(h2c.port()),
                Integer.toString(h2.port()),
                data.toString(),
                certificate.certificate().toString(),
                certificate.key().toString(),
                certificate.store().toString());
    }

    Path statics() {
        return data.resolve(ArenaData.STATIC);
    }
}
