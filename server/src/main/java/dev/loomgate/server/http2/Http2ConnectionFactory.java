package dev.loomgate.server.http2;

import dev.loomgate.gateway.Variables;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.connection.Connection;
import dev.loomgate.server.connection.ConnectionFactory;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.exchange.Scheme;
import dev.loomgate.server.http.FieldList;
import dev.loomgate.server.http.Http2Entry;
import dev.loomgate.server.stream.ResponseFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// HTTP/2, on one loop: on connections where nothing else is spoken, and on those that begin with HTTP/1.1.
///
/// A pipeline that knows only after a handshake that this is spoken (ALPN) calls [#open] then, on the channel's loop,
/// and fires `channelActive` once more, from before the handler that was added: with that the connection begins. What
/// the connections of a loop share is used on that loop alone.
public final class Http2ConnectionFactory implements ConnectionFactory, Http2Entry {
    private final ServerLoop serverLoop;
    private final Scheme scheme;
    private final String altSvc;
    private final Limits limits;
    private final FieldList fields;

    // Made for the first connection: where none speaks HTTP/2, Netty's classes for it aren't loaded. Two threads may
    // make one each; either is used on the loop alone.
    private volatile @Nullable EncodedFields responseFields;

    /// @param scheme of the connections that [#open] is given
    /// @param altSvc the field `Alt-Svc` of their responses; empty for none
    public Http2ConnectionFactory(ServerLoop serverLoop, Scheme scheme, String altSvc) {
        this.serverLoop = serverLoop;
        this.scheme = scheme;
        this.altSvc = altSvc;
        this.limits = serverLoop.options().limits(ListenAddress.Protocol.HTTP);
        this.fields = FieldList.http2(limits);
    }

    @Override
    public ServerLoop serverLoop() {
        return serverLoop;
    }

    @Override
    public void open(Channel channel) {
        channel.pipeline().addLast(connection(channel, scheme));
    }

    private Http2Connection connection(Channel channel, Scheme of) {
        EncodedFields shared = responseFields;
        if (shared == null) {
            shared = new EncodedFields(new ResponseFields(altSvc));
            responseFields = shared;
        }
        try {
            return new Http2Connection(serverLoop, channel, of, limits, fields, shared);
        } catch (Http2Exception e) {
            throw new IllegalStateException("limits that HTTP/2 can't have", e);
        }
    }

    @Override
    public Connection known(Channel channel, Scheme of) {
        return connection(channel, of);
    }

    @Override
    public @Nullable Connection upgraded(
            Channel channel, Scheme of, String settings, Variables request, boolean headRequest) {
        try {
            Http2Connection connection = connection(channel, of);
            connection.beginWith(request, headRequest, decoded(settings));
            return connection;
        } catch (Http2Exception | IllegalArgumentException e) {
            return null;
        }
    }

    // A SETTINGS frame's payload, in base64url (RFC 7540 section 3.2.1).
    static Http2Settings decoded(String text) {
        ByteBuf payload = Unpooled.wrappedBuffer(Base64.getUrlDecoder().decode(text));
        if (payload.readableBytes() % Http2CodecUtil.SETTING_ENTRY_LENGTH != 0) {
            throw new IllegalArgumentException("settings of " + payload.readableBytes() + " bytes");
        }
        Http2Settings settings = new Http2Settings();
        while (payload.isReadable()) {
            settings.put((char) payload.readUnsignedShort(), Long.valueOf(payload.readUnsignedInt()));
        }
        return settings;
    }
}
