package dev.loomgate.server.uwsgi;

import dev.loomgate.server.Limits;
import dev.loomgate.server.cgi.BlockRefusals;
import dev.loomgate.server.cgi.CgiDecoder;
import dev.loomgate.server.cgi.CgiMessage;
import dev.loomgate.server.cgi.CgiMessage.Incomplete;
import dev.loomgate.server.cgi.CgiMessage.Ping;
import dev.loomgate.server.cgi.ForeignProtocols;
import dev.loomgate.server.cgi.Refused;
import dev.loomgate.server.cgi.VariableBlock;
import dev.loomgate.server.exchange.Refusal;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the one packet of a uwsgi connection, in whatever pieces it comes.
///
/// ```
///  byte  0          1      2      3          4 ...          4 + datasize ...
///       +-----------+-------------+-----------+-------------+--------------------------+
///       | modifier1 |  datasize   | modifier2 |  variables  |  body, CONTENT_LENGTH    |
///       |    u8     | u16, little |    u8     |             |  bytes, then nothing     |
///       +-----------+-------------+-----------+-------------+--------------------------+
///
///  a variable, again and again until datasize bytes are used up:
///       +-------------+-------------+-------------+---------------+
///       | key length  |     key     | value length|     value     |
///       | u16, little | 1.. bytes   | u16, little |   0.. bytes   |
///       +-------------+-------------+-------------+---------------+
/// ```
///
/// | modifier1 | what happens |
/// |---|---|
/// | 0, 8, 30 | a [UwsgiRequest] |
/// | 100 | a [Ping], whatever follows; its answer has modifier1 100 and modifier2 1 |
/// | any other | a [Refused] that names it |
///
/// Bytes of HTTP, TLS or the PROXY protocol are recognised by the first four and refused as what they are. What
/// follows the packet stays in the buffer: it is body, and never a second packet, so a decoder is used up after
/// one.
///
/// Memory: grows with the bytes that have come, not with the size that the header claims.
///
/// Source: uWSGI's documentation, "The uwsgi Protocol".
public final class UwsgiDecoder implements CgiDecoder {
    private static final int HEADER_BYTES = 4;
    private static final int FIRST_BLOCK_BYTES = 4096;
    private static final BlockRefusals REFUSALS = new BlockRefusals("uwsgi");

    private final Limits limits;
    private byte[] block = new byte[0];
    private int header;
    private int headerBytes;
    private int size;
    private int received;
    private boolean done;

    public UwsgiDecoder(Limits limits) {
        this.limits = limits;
    }

    @Override
    public CgiMessage decode(ByteBuf in) {
        if (done) {
            throw new IllegalStateException("a uwsgi connection carries one packet");
        }
        CgiMessage message = read(in);
        done = message != Incomplete.INCOMPLETE;
        return message;
    }

    @Override
    public CgiMessage end() {
        if (done) {
            throw new IllegalStateException("a uwsgi connection carries one packet");
        }
        done = true;
        return headerBytes == 0
                ? Incomplete.INCOMPLETE
                : Refused.of(400, "the packet is cut off", "uwsgi: connection ended after " + progress());
    }

    @Override
    public String progress() {
        return headerBytes < HEADER_BYTES
                ? headerBytes + " of " + HEADER_BYTES + " bytes of the packet's header"
                : received + " of " + size + " bytes of the request variables";
    }

    private CgiMessage read(ByteBuf in) {
        if (headerBytes < HEADER_BYTES) {
            readHeader(in);
            if (headerBytes < HEADER_BYTES) {
                return Incomplete.INCOMPLETE;
            }
            CgiMessage otherThanRequest = checkHeader();
            if (otherThanRequest != null) {
                return otherThanRequest;
            }
        }
        int more = Math.min(size - received, in.readableBytes());
        makeRoom(more);
        in.readBytes(block, received, more);
        received += more;
        return received < size ? Incomplete.INCOMPLETE : readVariables();
    }

    private CgiMessage readVariables() {
        VariableBlock variables = new VariableBlock(block, size, limits, REFUSALS);
        Refusal refusal = variables.read();
        return refusal == null ? new UwsgiRequest(variables, header & 0xff, header >>> 24) : Refused.of(refusal);
    }

    private void readHeader(ByteBuf in) {
        if (headerBytes == 0 && in.readableBytes() >= HEADER_BYTES) {
            header = in.readIntLE();
            headerBytes = HEADER_BYTES;
        }
        while (headerBytes < HEADER_BYTES && in.isReadable()) {
            header |= in.readUnsignedByte() << (8 * headerBytes);
            headerBytes++;
        }
    }

    private @Nullable CgiMessage checkHeader() {
        Refused foreign = ForeignProtocols.recognise("uwsgi", header);
        if (foreign != null) {
            return foreign;
        }
        int modifier1 = header & 0xff;
        if (modifier1 == UwsgiModifiers.PING) {
            return new Ping(new byte[] {UwsgiModifiers.PING, 0, 0, 1});
        }
        if (!UwsgiModifiers.runs(modifier1)) {
            return Refused.of(
                    400,
                    "this server runs applications only",
                    "uwsgi: modifier1 %d (%s) refused, only 0, 8, 30 and 100 (ping) are served"
                            .formatted(modifier1, UwsgiModifiers.nameOf(modifier1)));
        }
        size = (header >>> 8) & 0xffff;
        if (size == 0) {
            return Refused.of(400, "the packet has no variables", "uwsgi: packet with no request variables");
        }
        if (size > limits.maxHeaderBytes()) {
            return Refused.of(
                    431,
                    "the request's head is too large",
                    "uwsgi: request variables take %d bytes, over %d".formatted(size, limits.maxHeaderBytes()),
                    "maxHeaderBytes");
        }
        return null;
    }

    private void makeRoom(int more) {
        int needed = received + more;
        if (block.length < needed + VariableBlock.PADDING) {
            // The whole packet at once is the rule: room for that without a second copy.
            int room = needed == size ? size : Math.min(size, Math.max(2 * needed, FIRST_BLOCK_BYTES));
            block = Arrays.copyOf(block, room + VariableBlock.PADDING);
        }
    }
}
