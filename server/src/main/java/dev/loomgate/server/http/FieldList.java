package dev.loomgate.server.http;

import dev.loomgate.gateway.Variables;
import dev.loomgate.server.Limits;
import dev.loomgate.server.connection.ConnectionFacts;
import dev.loomgate.server.exchange.Refusal;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A request's head that comes as a list of fields, as in HTTP/2 and HTTP/3: gathers it as HTTP/1.1's reader lays a
/// head out, so
/// that the same rules hold for both. One for a loop, used for one head after the other. Loop side only.
///
/// ```
///  bytes:   :method GET  :path /user?name=Bob  user-agent curl ...
///  fields:  where each regular field's name and value are
/// ```
/// An extended CONNECT for a WebSocket is laid out as the request that asks for one in HTTP/1.1 ([HandshakeFields]).
///
/// Source: RFC 9113 section 8, RFC 8441; RFC 9114 section 4 has the same rules.
public final class FieldList {
    private static final String[] PSEUDO = {":method", ":scheme", ":authority", ":path", ":protocol"};
    private static final int METHOD = 0;
    private static final int SCHEME = 1;
    private static final int AUTHORITY = 2;
    private static final int PATH = 3;
    private static final int PROTOCOL = 4;
    // A line's colon, space and end, as HTTP/1.1 counts it.
    private static final int LINE_BYTES = 4;

    /// What a list of fields turns out to be.
    public sealed interface Result {
        /// A request that may be served.
        ///
        /// @param webSocket whether it asks for a WebSocket, with the stream for its bytes
        /// @param takesTrailers whether the client takes fields after the content
        record Request(
                Variables variables,
                String method,
                long contentLength,
                boolean expectContinue,
                @Nullable String priority,
                boolean webSocket,
                boolean takesTrailers)
                implements Result {
            /// Of a request that doesn't say how long its body is.
            public static final long NO_LENGTH = RequestHead.NO_LENGTH;
        }

        /// A request that the client is told not to send so.
        ///
        /// @param headRequest whether its method is HEAD
        record Refused(Refusal refusal, boolean headRequest) implements Result {}

        /// No request at all: what isn't HTTP/2 (RFC 9113 section 8.1.1), nor HTTP/3.
        record Malformed(String why) implements Result {}
    }

    private final Limits limits;
    private final HeadScratch scratch;
    private final int version;
    private final int[] pseudo = new int[2 * PSEUDO.length];
    private int length;
    private int count;
    private long size;
    private boolean hasFields;
    private @Nullable String malformed;
    private boolean tooLarge;
    private boolean tooMany;

    FieldList(Limits limits, HeadScratch scratch, int version) {
        this.limits = limits;
        this.scratch = scratch;
        this.version = version;
    }

    /// Of requests that come by HTTP/2.
    ///
    /// @param limits those of HTTP
    public static FieldList http2(Limits limits) {
        return new FieldList(limits, new HeadScratch(), RequestHead.HTTP_2);
    }

    /// Of requests that come by HTTP/3.
    ///
    /// @param limits those of HTTP
    public static FieldList http3(Limits limits) {
        return new FieldList(limits, new HeadScratch(), RequestHead.HTTP_3);
    }

    /// Begins a list.
    public void begin() {
        Arrays.fill(pseudo, -1);
        length = 0;
        count = 0;
        size = 0;
        hasFields = false;
        malformed = null;
        tooLarge = false;
        tooMany = false;
    }

    /// Appends a field. What is past the limits is counted, but not kept.
    ///
    /// @param name of bytes, one in each character
    /// @param value the same
    public void add(CharSequence name, CharSequence value) {
        if (malformed != null || tooLarge || tooMany) {
            return;
        }
        size += name.length() + value.length() + LINE_BYTES;
        if (size > limits.maxHeaderBytes()) {
            tooLarge = true;
        } else if (name.length() > 0 && name.charAt(0) == ':') {
            addPseudo(name, value);
        } else {
            addField(name, value);
        }
    }

    private void addPseudo(CharSequence name, CharSequence value) {
        int which = 0;
        while (which < PSEUDO.length && !PSEUDO[which].contentEquals(name)) {
            which++;
        }
        if (which == PSEUDO.length || (which == PROTOCOL && version != RequestHead.HTTP_2)) {
            malformed = "an unknown pseudo-header field";
        } else if (hasFields) {
            malformed = "a pseudo-header field after a header field";
        } else if (pseudo[2 * which] >= 0) {
            malformed = "a pseudo-header field twice";
        } else {
            pseudo[2 * which] = length;
            append(value);
            pseudo[2 * which + 1] = length;
        }
    }

    private void addField(CharSequence name, CharSequence value) {
        hasFields = true;
        if (count == limits.maxHeaderCount()) {
            tooMany = true;
            return;
        }
        int place = appendField(name, value);
        int[] fields = scratch.fields;
        malformed = checkField(scratch.bytes, fields[place], fields[place + 1], fields[place + 3]);
    }

    // The place of its places.
    private int appendField(CharSequence name, CharSequence value) {
        int place = 4 * count++;
        if (place == scratch.fields.length) {
            scratch.fields = Arrays.copyOf(scratch.fields, 2 * place);
        }
        int[] fields = scratch.fields;
        fields[place] = length;
        append(name);
        fields[place + 1] = length;
        fields[place + 2] = length;
        append(value);
        fields[place + 3] = length;
        return place;
    }

    private void append(CharSequence text) {
        int more = text.length();
        byte[] bytes = scratch.bytes;
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
            scratch.bytes = bytes;
        }
        if (text instanceof AsciiString ascii) {
            System.arraycopy(ascii.array(), ascii.arrayOffset(), bytes, length, more);
        } else {
            for (int i = 0; i < more; i++) {
                bytes[length + i] = (byte) text.charAt(i);
            }
        }
        length += more;
    }

    // RFC 9113 sections 8.2.1 and 8.2.2.
    private static @Nullable String checkField(byte[] bytes, int from, int nameTo, int to) {
        if (from == nameTo) {
            return "a header field without a name";
        }
        for (int i = from; i < nameTo; i++) {
            if (!Bytes.isToken(bytes[i]) || (bytes[i] >= 'A' && bytes[i] <= 'Z')) {
                return "a header field's name is not a token in lower case";
            }
        }
        for (int i = nameTo; i < to; i++) {
            if (!Bytes.isValue(bytes[i])) {
                return "a header field has a control character";
            }
        }
        if (nameTo < to && (isBlank(bytes[nameTo]) || isBlank(bytes[to - 1]))) {
            return "a header field's value begins or ends with a space";
        }
        return switch (nameTo - from) {
            case 2 ->
                Bytes.equal(bytes, from, nameTo, "te") && !Bytes.equal(bytes, nameTo, to, "trailers")
                        ? "TE is not trailers"
                        : null;
            case 7 -> connectionField(bytes, from, nameTo, "upgrade");
            case 10 -> {
                String first = connectionField(bytes, from, nameTo, "connection");
                yield first != null ? first : connectionField(bytes, from, nameTo, "keep-alive");
            }
            case 16 -> connectionField(bytes, from, nameTo, "proxy-connection");
            case 17 -> connectionField(bytes, from, nameTo, "transfer-encoding");
            default -> null;
        };
    }

    private static @Nullable String connectionField(byte[] bytes, int from, int to, String name) {
        return Bytes.equal(bytes, from, to, name) ? "a field of a connection: " + name : null;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /// Why the fields can't be those of a trailer section; null if they can.
    public @Nullable String trailersFault() {
        if (malformed != null) {
            return malformed;
        }
        for (int i = 0; i < pseudo.length; i += 2) {
            if (pseudo[i] >= 0) {
                return "a pseudo-header field among the trailers";
            }
        }
        return null;
    }

    /// Whether a limit of the list's size is passed, of a trailer section; the limit's setting, or null.
    public @Nullable String limitPassed() {
        return tooLarge ? "maxHeaderBytes" : tooMany ? "maxHeaderCount" : null;
    }

    /// The request, or why there is none.
    public Result complete(ConnectionFacts connection) {
        if (malformed != null) {
            return new Result.Malformed(malformed);
        }
        Refusal limit = checkLimits();
        if (limit != null) {
            return new Result.Refused(limit, isHead());
        }
        if (pseudo[2 * METHOD] < 0) {
            return new Result.Malformed("no :method");
        }
        String method = HeadParser.method(scratch.bytes, pseudo[2 * METHOD], pseudo[2 * METHOD + 1]);
        boolean connect = method.equals("CONNECT");
        boolean extended = pseudo[2 * PROTOCOL] >= 0;
        if (extended && !connect) {
            return new Result.Malformed(":protocol without CONNECT");
        }
        boolean plainConnect = connect && !extended;
        if (!plainConnect && (isEmpty(SCHEME) || isEmpty(PATH))) {
            return new Result.Malformed("no :scheme or no :path");
        }
        if (connect && isEmpty(AUTHORITY)) {
            return new Result.Malformed("CONNECT without :authority");
        }
        if (extended) {
            return webSocket(connection);
        }
        return request(Arrays.copyOf(scratch.bytes, length), method, plainConnect, connection);
    }

    private Result webSocket(ConnectionFacts connection) {
        int from = pseudo[2 * PROTOCOL];
        int to = pseudo[2 * PROTOCOL + 1];
        if (!Bytes.equal(scratch.bytes, from, to, "websocket")) {
            String shown = Bytes.shown(scratch.bytes, from, to);
            return new Result.Refused(
                    new Refusal(501, "only websocket can be connected to", "http: CONNECT with :protocol " + shown),
                    false);
        }
        count = HandshakeFields.without(scratch.bytes, scratch.fields, count);
        HandshakeFields.forEach(this::appendField);
        return request(Arrays.copyOf(scratch.bytes, length), HandshakeFields.METHOD, false, connection);
    }

    private boolean isHead() {
        return pseudo[2 * METHOD] >= 0
                && Bytes.text(scratch.bytes, pseudo[2 * METHOD], pseudo[2 * METHOD + 1])
                        .equals("HEAD");
    }

    private boolean isEmpty(int which) {
        return pseudo[2 * which] >= pseudo[2 * which + 1];
    }

    private @Nullable Refusal checkLimits() {
        if (tooLarge) {
            return HeadReader.tooLarge(limits).refusal();
        }
        if (tooMany) {
            return HeadParser.tooMany(count).refusal();
        }
        return null;
    }

    private Result request(byte[] bytes, String method, boolean connect, ConnectionFacts connection) {
        int targetFrom = pseudo[2 * (connect ? AUTHORITY : PATH)];
        int targetTo = pseudo[2 * (connect ? AUTHORITY : PATH) + 1];
        Head refusal =
                HeadParser.checkLine(bytes, pseudo[2 * METHOD], pseudo[2 * METHOD + 1], targetFrom, targetTo, limits);
        if (refusal == null && !connect && bytes[targetFrom] != '/' && bytes[targetFrom] != '*') {
            refusal = TargetRules.bad("the request target has no valid form", bytes, targetFrom, targetTo);
        }
        FieldRules rules = new FieldRules(bytes, limits);
        String priority = null;
        if (!isEmpty(AUTHORITY) && refusal == null) {
            refusal = rules.authority(pseudo[2 * AUTHORITY], pseudo[2 * AUTHORITY + 1]);
        }
        int[] fields = Arrays.copyOf(scratch.fields, 4 * count);
        for (int i = 0; i < fields.length && refusal == null; i += 4) {
            refusal = rules.check(fields[i], fields[i + 1], fields[i + 2], fields[i + 3]);
            if (Bytes.equal(bytes, fields[i], fields[i + 1], "priority")) {
                priority = Bytes.text(bytes, fields[i + 2], fields[i + 3]);
            }
        }
        if (refusal == null) {
            refusal = rules.complete(1);
        }
        TargetRules target = new TargetRules(bytes, targetFrom, targetTo);
        if (refusal == null) {
            refusal = target.check(method);
        }
        if (refusal instanceof Head.Refused refused) {
            return new Result.Refused(refused.refusal(), method.equals("HEAD"));
        }
        boolean upgrade = (rules.flags(1) & RequestHead.UPGRADE) != 0;
        if (upgrade && rules.contentLength() > 0) {
            return new Result.Malformed("CONNECT with a body");
        }
        RequestHead head = new RequestHead(
                bytes,
                method,
                1,
                targetFrom,
                targetTo,
                target.pathFrom(),
                target.pathTo(),
                rules.hostFrom(),
                rules.hostTo(),
                fields,
                rules.contentLength(),
                rules.flags(1) | version);
        return new Result.Request(
                new HttpVariables(head, connection),
                method,
                head.contentLength(),
                head.has(RequestHead.EXPECT_CONTINUE),
                priority,
                upgrade,
                head.has(RequestHead.TAKES_TRAILERS));
    }
}
