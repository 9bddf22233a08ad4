package dev.loomgate.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// A network that loses datagrams: a relay between one client and a server.
final class LossyRelay implements AutoCloseable {
    private static final int LARGEST_DATAGRAM = 65_535;

    private final int lost;
    private final InetSocketAddress server;
    private final DatagramSocket towardsClient;
    private final DatagramSocket towardsServer;
    private volatile SocketAddress client;

    /// @param lost of this many datagrams of the server one is lost
    LossyRelay(InetSocketAddress server, int lost) throws IOException {
        this.server = server;
        this.lost = lost;
        this.client = server;
        this.towardsClient = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        this.towardsServer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::relayRequests);
        Thread.ofPlatform().daemon().start(this::relayResponses);
    }

    /// Where the client sends to.
    InetSocketAddress address() {
        return (InetSocketAddress) towardsClient.getLocalSocketAddress();
    }

    private void relayRequests() {
        relay(towardsClient, datagram -> {
            client = datagram.getSocketAddress();
            datagram.setSocketAddress(server);
            towardsServer.send(datagram);
        });
    }

    private void relayResponses() {
        int[] count = {0};
        relay(towardsServer, datagram -> {
            if (++count[0] % lost != 0) {
                datagram.setSocketAddress(client);
                towardsClient.send(datagram);
            }
        });
    }

    private interface Step {
        void take(DatagramPacket datagram) throws IOException;
    }

    private static void relay(DatagramSocket from, Step step) {
        byte[] bytes = new byte[LARGEST_DATAGRAM];
        while (!from.isClosed()) {
            DatagramPacket datagram = new DatagramPacket(bytes, bytes.length);
            try {
                from.receive(datagram);
                step.take(datagram);
            } catch (IOException e) {
                if (!from.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    @Override
    public void close() {
        towardsClient.close();
        towardsServer.close();
    }
}
