package dev.loomgate.server.fastcgi;

import dev.loomgate.server.Limits;
import dev.loomgate.server.cgi.BlockBuilder;
import dev.loomgate.server.cgi.BlockRefusals;
import dev.loomgate.server.cgi.VariableBlock;
import dev.loomgate.server.exchange.Refusal;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// A request's variables, as far as they have come: a stream of records that may be cut anywhere.
///
/// Memory: grows with the bytes that have come.
final class Params {
    private static final BlockRefusals REFUSALS = new BlockRefusals("fastcgi");
    private static final int FIRST_ROOM = 2048;

    private final int id;
    private final boolean keeps;
    private final Limits limits;
    private byte[] bytes = new byte[0];
    private int size;
    private boolean complete;

    Params(int id, boolean keeps, Limits limits) {
        this.id = id;
        this.keeps = keeps;
        this.limits = limits;
    }

    /// Whether their end has come.
    boolean isComplete() {
        return complete;
    }

    /// How many bytes have come.
    int size() {
        return size;
    }

    /// Whether the connection is to stay open after the response.
    boolean keeps() {
        return keeps;
    }

    /// Whether that many bytes more are too many.
    boolean isTooLarge(int more) {
        return size + more > BlockBuilder.most(limits);
    }

    FastCgiEvent tooLarge(int more) {
        return new FastCgiEvent.BadRequest(id, keeps, REFUSALS.tooLarge((long) size + more, limits.maxHeaderBytes()));
    }

    void append(ByteBuf in, int length) {
        if (size + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + length, Math.max(2 * bytes.length, FIRST_ROOM)));
        }
        in.readBytes(bytes, size, length);
        size += length;
    }

    /// Their end has come.
    FastCgiEvent complete() {
        complete = true;
        BlockBuilder block = new BlockBuilder(size + size / 4, limits, REFUSALS);
        NameValues pairs = new NameValues(bytes, size);
        for (int count = 1; pairs.hasNext(); count++) {
            Refusal refusal = pairs.next()
                    ? block.add(bytes, pairs.name(), pairs.nameLength(), pairs.value(), pairs.valueLength())
                    : new Refusal(
                            400,
                            "the request is malformed",
                            "fastcgi: request variable %d takes more than the %d bytes of all".formatted(count, size));
            if (refusal != null) {
                return new FastCgiEvent.BadRequest(id, keeps, refusal);
            }
        }
        bytes = new byte[0]; // the block has them
        VariableBlock variables = block.block();
        Refusal refusal = size == 0
                ? new Refusal(400, "the request has no variables", "fastcgi: request without variables")
                : variables.read();
        return refusal == null
                ? new FastCgiEvent.Begun(id, keeps, new FastCgiRequest(variables))
                : new FastCgiEvent.BadRequest(id, keeps, refusal);
    }
}
