package dev.loomgate.server.http2;

import dev.loomgate.server.http.FieldList;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/// Netty's decoder of field blocks (RFC 7541), which puts what it decodes into a [FieldList] and checks nothing of it:
/// the list does. Loop side only.
final class ReceivedFields extends DefaultHttp2HeadersDecoder {
    private final FieldList list;
    private final Http2Headers sink;
    private final long mostBytes;

    /// @param maxBytes of a head
    ReceivedFields(FieldList list, int maxBytes) throws Http2Exception {
        super(false);
        this.list = list;
        this.sink = new Sink(list);
        // A head that is past the limit is decoded, so that it is answered; but not one of any size.
        this.mostBytes = 2L * maxBytes;
        maxHeaderListSize(mostBytes, mostBytes);
    }

    @Override
    protected Http2Headers newHeaders() {
        list.begin();
        return sink;
    }

    @Override
    public Http2Headers decodeHeaders(int streamId, ByteBuf headerBlock) throws Http2Exception {
        try {
            return super.decodeHeaders(streamId, headerBlock);
        } catch (Http2Exception.HeaderListSizeException e) {
            // Few bytes may unpack to very many, again and again.
            Http2CodecUtil.headerListSizeExceeded(mostBytes);
            throw e;
        }
    }

    private static final class Sink extends DefaultHttp2Headers {
        private final FieldList list;

        Sink(FieldList list) {
            super(false, 0);
            this.list = list;
        }

        @Override
        public Http2Headers add(CharSequence name, CharSequence value) {
            list.add(name, value);
            return this;
        }
    }
}
