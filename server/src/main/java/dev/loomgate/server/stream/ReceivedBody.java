package dev.loomgate.server.stream;

import dev.loomgate.server.Limits;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.RefusedInput;
import dev.loomgate.server.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A request's body on its way from a stream to its reader, held to the length that the request declares and to the
/// limit. Loop side only.
public final class ReceivedBody {
    private final RequestBody reader;
    private final long length;
    private final long maxBytes;
    private long received;
    private boolean refused;

    /// @param length what the request says; negative if it says nothing
    public ReceivedBody(RequestBody reader, long length, Limits limits) {
        this.reader = reader;
        this.length = length;
        this.maxBytes = limits.maxBodyBytes() == 0 ? Long.MAX_VALUE : limits.maxBodyBytes();
    }

    /// Counts content that has come, before [#append].
    ///
    /// @param last whether it is the last of it
    /// @return whether the body may be as long as declared
    public boolean count(int bytes, boolean last) {
        received += bytes;
        return length < 0 || (received <= length && !(last && received < length));
    }

    /// Gives what was counted to the reader, as far as it wants it.
    ///
    /// @return why the body is refused; null if it isn't, or was before
    public @Nullable Refusal append(ByteBuf content, boolean last) {
        Refusal refusal = null;
        int count = content.readableBytes();
        if (received > maxBytes && !refused) {
            refusal = new Refusal(
                    413,
                    "the request's body is too large",
                    "http: request body of over %d bytes".formatted(maxBytes),
                    "maxBodyBytes");
            refuse(refusal);
        } else if (count > 0 && !refused) {
            reader.append(content, count);
        }
        if (last) {
            complete();
        }
        return refusal;
    }

    /// That was all.
    public void complete() {
        if (!refused) {
            reader.complete();
        }
    }

    /// Ends the reading for a fault of the client.
    public void refuse(Refusal why) {
        refused = true;
        reader.fail(new RefusedInput(why));
    }

    /// The response is complete, so nobody wants the rest.
    public void leave() {
        refused = true;
        reader.fail(new IOException("the response is complete, the rest of the request's body is not read"));
    }

    /// The bytes that are still to come; negative if the request doesn't say.
    public long left() {
        return length < 0 ? -1 : length - received;
    }

    /// Whether bytes are waited for.
    public boolean isAwaited() {
        return !refused && reader.hasRoom();
    }

    /// The bytes that its reader hasn't taken yet.
    public int unread() {
        return reader.available();
    }
}
