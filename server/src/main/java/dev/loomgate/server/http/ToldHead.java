package dev.loomgate.server.http;

import dev.loomgate.gateway.LogId;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.server.Limits;
import dev.loomgate.server.connection.ConnectionFacts;
import dev.loomgate.server.exchange.AnsweredElsewhere;
import dev.loomgate.server.exchange.Scheme;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A request that a process has read, as it tells of it, as observers see it.
///
/// ```
///  127.0.0.1 54321 127.0.0.1 8000 k3f9-1f LF     client, port, server, port, id; "-" for what there isn't;
///                                                then a space and the route, if there is one
///  GET /path HTTP/1.1 CRLF
///  ... CRLF CRLF
/// ```
final class ToldHead extends AnsweredElsewhere {
    private static final String NONE = "-";
    private static final int WORDS = 5;
    private static final byte[] END = {'\r', '\n'};

    private final @Nullable String route;

    private ToldHead(HttpVariables variables, @Nullable String requestId, @Nullable String route) {
        super(variables, requestId);
        this.route = route;
    }

    /// The request; null if the line or the head isn't valid. Loop side.
    static @Nullable ToldHead of(byte[] told, Scheme scheme, Limits limits, HeadScratch scratch) {
        int line = lineEnd(told);
        String[] words = new String(told, 0, line, StandardCharsets.UTF_8).split(" ", WORDS + 1);
        if (line == told.length || words.length < WORDS) {
            return null;
        }
        ConnectionFacts facts;
        try {
            facts = new ConnectionFacts(scheme, address(words[2], words[3]), address(words[0], words[1]));
        } catch (UnknownHostException | NumberFormatException e) {
            return null;
        }
        String id = words[4].equals(NONE) || !LogId.isAcceptable(words[4]) ? null : words[4];
        HeadReader reader = new HeadReader(limits, scratch);
        String route = words.length > WORDS ? words[WORDS] : null;
        return reader.read(Unpooled.wrappedBuffer(told, line + 1, told.length - line - 1)) instanceof Head.Valid valid
                ? new ToldHead(new HttpVariables(valid.request(), facts), id, route)
                : null;
    }

    /// The same with its end, where only the beginning is there: the lines that are whole.
    static byte[] whole(byte[] told) {
        int end = told.length;
        while (end > 0 && (told[end - 1] != '\n' || (end > 1 && told[end - 2] != '\r'))) {
            end--;
        }
        byte[] lines = Arrays.copyOf(told, end);
        if (new String(lines, StandardCharsets.ISO_8859_1).contains("\r\n\r\n")) {
            return lines;
        }
        byte[] whole = Arrays.copyOf(lines, end + END.length);
        System.arraycopy(END, 0, whole, end, END.length);
        return whole;
    }

    private static int lineEnd(byte[] told) {
        int at = 0;
        while (at < told.length && told[at] != '\n') {
            at++;
        }
        return at;
    }

    private static @Nullable InetSocketAddress address(String address, String port) throws UnknownHostException {
        if (address.equals(NONE)) {
            return null;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            throw new UnknownHostException(address);
        }
        return new InetSocketAddress(InetAddress.getByAddress(bytes), Integer.parseInt(port));
    }

    @Override
    public @Nullable String route() {
        return route;
    }

    @Override
    public String toString() {
        return Quoting.printable(
                variables().get("REQUEST_METHOD") + " " + variables().get("REQUEST_URI"));
    }
}
