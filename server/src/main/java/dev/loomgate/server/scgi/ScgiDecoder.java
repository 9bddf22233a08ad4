package dev.loomgate.server.scgi;

import dev.loomgate.server.Limits;
import dev.loomgate.server.cgi.BlockBuilder;
import dev.loomgate.server.cgi.BlockRefusals;
import dev.loomgate.server.cgi.CgiDecoder;
import dev.loomgate.server.cgi.CgiMessage;
import dev.loomgate.server.cgi.CgiMessage.Incomplete;
import dev.loomgate.server.cgi.ForeignProtocols;
import dev.loomgate.server.cgi.Refused;
import dev.loomgate.server.cgi.Refused.Language;
import dev.loomgate.server.cgi.VariableBlock;
import dev.loomgate.server.exchange.Refusal;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the head of an SCGI request, in whatever pieces it comes.
///
/// ```
///  a netstring:                                                      then the body, CONTENT_LENGTH bytes
///  +----------+-----+----------------------------------------+-----+
///  |  length  |  :  |  variables                             |  ,  |
///  | decimal  |     |  name NUL value NUL, again and again   |     |
///  +----------+-----+----------------------------------------+-----+
///
///  70:CONTENT_LENGTH NUL 27 NUL SCGI NUL 1 NUL REQUEST_METHOD NUL POST NUL REQUEST_URI NUL /deepthought NUL ,
/// ```
/// CONTENT_LENGTH comes first and is a number; `SCGI` is there and is `1`. Names may come twice as far as those of
/// other protocols may: nginx sends a variable twice that its configuration has twice.
///
/// Memory: grows with the bytes that have come, not with the length that the netstring claims.
///
/// Source: "SCGI: A Simple Common Gateway Interface alternative", of 2008.
final class ScgiDecoder implements CgiDecoder {
    private static final BlockRefusals REFUSALS = new BlockRefusals("scgi");
    private static final int FIRST_BYTES = 4;
    private static final int MAX_DIGITS = 8;
    private static final int FIRST_ROOM = 4096;
    private static final byte[] CONTENT_LENGTH = ascii("CONTENT_LENGTH");
    private static final byte[] SCGI = ascii("SCGI");

    private final Limits limits;
    private byte[] bytes = new byte[0];
    private int first; // the first four bytes, the first one lowest
    private int begun;
    private int digits;
    private int length;
    private boolean lengthKnown;
    private int received; // of the variables and the comma
    private boolean done;

    ScgiDecoder(Limits limits) {
        this.limits = limits;
    }

    @Override
    public CgiMessage decode(ByteBuf in) {
        requireUnused();
        CgiMessage message = read(in);
        done = message != Incomplete.INCOMPLETE;
        return message;
    }

    @Override
    public CgiMessage end() {
        requireUnused();
        done = true;
        return begun == 0
                ? Incomplete.INCOMPLETE
                : bad("the request is cut off", "connection ended after " + progress());
    }

    private void requireUnused() {
        if (done) {
            throw new IllegalStateException("an SCGI connection carries one request");
        }
    }

    @Override
    public String progress() {
        return lengthKnown
                ? received + " of " + (length + 1) + " bytes of the request variables"
                : begun + " bytes of the netstring's length";
    }

    private CgiMessage read(ByteBuf in) {
        while (!lengthKnown) {
            if (!in.isReadable()) {
                return Incomplete.INCOMPLETE;
            }
            CgiMessage refused = readLength(in.readUnsignedByte());
            if (refused != null) {
                return refused;
            }
        }
        int more = Math.min(length + 1 - received, in.readableBytes());
        makeRoom(more);
        in.readBytes(bytes, received, more);
        received += more;
        return received <= length ? Incomplete.INCOMPLETE : readVariables();
    }

    // What doesn't begin with a digit is read on to four bytes, to name it.
    private @Nullable CgiMessage readLength(int next) {
        if (begun < FIRST_BYTES) {
            first |= next << (8 * begun);
        }
        begun++;
        boolean foreign = begun > digits + 1 || next < '0' || next > '9';
        if (!foreign) {
            digits++;
            length = 10 * length + next - '0';
            boolean zero = (first & 0xff) == '0' && digits > 1;
            return zero || digits > MAX_DIGITS
                    ? bad("the request is malformed", "length of the netstring is no number of bytes, or absurd")
                    : null;
        }
        if (next == ':' && digits > 0 && begun == digits + 1) {
            lengthKnown = true;
            return checkLength();
        }
        if (digits > 0) {
            return bad("the request is malformed", "length of the netstring has byte 0x%02x".formatted(next));
        }
        if (begun < FIRST_BYTES) {
            return null;
        }
        Refused recognised = ForeignProtocols.recognise("scgi", first);
        return recognised == null
                ? bad(
                        "the request is malformed",
                        "connection begins with byte 0x%02x, no netstring".formatted(first & 0xff))
                : recognised;
    }

    private @Nullable CgiMessage checkLength() {
        if (length == 0) {
            return bad("the request has no variables", "request without variables");
        }
        return length > BlockBuilder.most(limits) ? refused(REFUSALS.tooLarge(length, limits.maxHeaderBytes())) : null;
    }

    private CgiMessage readVariables() {
        if (bytes[length] != ',') {
            return bad("the request is malformed", "no comma after the %d bytes of the netstring".formatted(length));
        }
        if (bytes[length - 1] != 0) {
            return bad("the request is malformed", "last request variable has no end");
        }
        BlockBuilder block = new BlockBuilder(length + length / 4, limits, REFUSALS);
        boolean isScgi = false;
        int count = 0;
        for (int at = 0; at < length; count++) {
            int nameEnd = end(at);
            int value = nameEnd + 1;
            if (value >= length) {
                return bad("the request is malformed", "request variable %d has no value".formatted(count + 1));
            }
            int valueEnd = end(value);
            if (count == 0 && (!is(CONTENT_LENGTH, at, nameEnd) || valueEnd == value)) {
                return bad("the request is malformed", "first request variable is not CONTENT_LENGTH with a number");
            }
            if (is(SCGI, at, nameEnd)) {
                isScgi = valueEnd == value + 1 && bytes[value] == '1'; // the last one is what the application sees
            }
            Refusal refusal = block.add(bytes, at, nameEnd - at, value, valueEnd - value);
            if (refusal != null) {
                return refused(refusal);
            }
            at = valueEnd + 1;
        }
        if (!isScgi) {
            return bad(
                    "the request is malformed",
                    "request without the variable SCGI, which is 1 (nginx: include scgi_params)");
        }
        VariableBlock variables = block.block();
        Refusal refusal = variables.read();
        return refusal == null ? new ScgiRequest(variables) : refused(refusal);
    }

    /// The place of the next NUL; the last byte is one.
    private int end(int from) {
        int at = from;
        while (bytes[at] != 0) {
            at++;
        }
        return at;
    }

    private boolean is(byte[] name, int from, int to) {
        return Arrays.equals(name, 0, name.length, bytes, from, to);
    }

    private static CgiMessage bad(String text, String what) {
        return refused(new Refusal(400, text, "scgi: " + what));
    }

    private static CgiMessage refused(Refusal refusal) {
        return new Refused(refusal, Language.CGI);
    }

    private void makeRoom(int more) {
        int needed = received + more;
        if (bytes.length < needed) {
            bytes = Arrays.copyOf(
                    bytes, needed > length ? needed : Math.min(length + 1, Math.max(2 * needed, FIRST_ROOM)));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
