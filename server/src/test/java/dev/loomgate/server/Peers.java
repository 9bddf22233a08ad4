package dev.loomgate.server;

import dev.loomgate.testkit.client.HttpPeer;
import java.io.IOException;

/// Clients of a server under test.
final class Peers {
    private Peers() {}

    /// A connection to the server's first address, for HTTP.
    static HttpPeer http(Server server) throws IOException {
        return HttpPeer.to(server.addresses().getFirst().socketAddress());
    }
}
