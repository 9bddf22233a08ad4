package dev.loomgate.server.http2;

import dev.loomgate.server.stream.ResponseFields;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.util.Iterator;
import java.util.Map;

/// A response's fields as what Netty's encoder goes over. Loop side only.
final class EncodedFields extends DefaultHttp2Headers {
    private final ResponseFields fields;

    EncodedFields(ResponseFields fields) {
        super(false, 0);
        this.fields = fields;
    }

    /// What is to be sent next is set here.
    ResponseFields fields() {
        return fields;
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        return fields.iterator();
    }
}
