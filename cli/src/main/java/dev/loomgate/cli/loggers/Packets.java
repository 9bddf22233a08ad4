package dev.loomgate.cli.loggers;

import dev.loomgate.cli.process.UnixDatagrams;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// Sends datagrams to one place. Nobody says whether they arrive, except on this machine.
interface Packets {
    /// @throws IOException if it surely doesn't arrive
    void send(byte[] packet) throws IOException;

    /// To a datagram socket in the file system.
    static Packets to(Path socket) throws IOException {
        UnixDatagrams datagrams = UnixDatagrams.open();
        return packet -> datagrams.send(packet, socket);
    }

    /// By UDP.
    static Packets to(InetSocketAddress place) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        return packet -> socket.send(new DatagramPacket(packet, packet.length, place));
    }
}
