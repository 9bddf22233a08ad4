package dev.loomgate.bench.arena;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.http.CompressedContentFormat;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.content.HttpContent;
import org.eclipse.jetty.http.content.PreCompressedHttpContentFactory;
import org.eclipse.jetty.http.content.ResourceHttpContentFactory;
import org.eclipse.jetty.http.pathmap.PathSpec;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.PathMappingsHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import tools.jackson.databind.json.JsonMapper;

/// Jetty 12's core without servlets at its default threads, JSON by Jackson, since it has none of its own.
public final class JettyEntry {
    private JettyEntry() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(Places.of(args));
    }

    public static AutoCloseable start(Places places) throws Exception {
        Server server = new Server();
        connectors(server, places);
        server.setHandler(handler(server, places));
        server.start();
        return server::stop;
    }

    /// One for each port; Javalin's are the same.
    static void connectors(Server server, Places places) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        HttpConfiguration secure = new HttpConfiguration(configuration);
        secure.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory http = new HttpConnectionFactory(secure);
        HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(secure);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http.getProtocol());
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(places.certificate().store().toString());
        tls.setKeyStorePassword("hello");
        add(
                new ServerConnector(server, new HttpConnectionFactory(configuration)),
                places.http().port());
        add(
                new ServerConnector(
                        server, new SslConnectionFactory(tls, http.getProtocol()), new HttpConnectionFactory(secure)),
                places.https().port());
        add(
                new ServerConnector(server, new HTTP2CServerConnectionFactory(configuration)),
                places.h2c().port());
        add(
                new ServerConnector(server, new SslConnectionFactory(tls, alpn.getProtocol()), alpn, http2, http),
                places.h2().port());
    }

    private static void add(ServerConnector connector, int port) {
        connector.setHost(Places.HOST);
        connector.setPort(port);
        connector.getServer().addConnector(connector);
    }

    private static Handler handler(Server server, Places places) {
        Dataset dataset = Dataset.read(places);
        JsonMapper mapper = new JsonMapper();
        ResourceHandler files = new FromDisk();
        files.setBaseResource(ResourceFactory.of(server).newResource(places.statics()));
        files.setPrecompressedFormats(CompressedContentFormat.GZIP);
        PathMappingsHandler paths = new PathMappingsHandler();
        paths.addMapping(PathSpec.from("/baseline11"), new Texts(JettyEntry::sum));
        paths.addMapping(PathSpec.from("/baseline2"), new Texts(JettyEntry::sum));
        paths.addMapping(PathSpec.from("/pipeline"), new Texts(_ -> "ok"));
        paths.addMapping(PathSpec.from("/upload"), new Texts(JettyEntry::upload));
        paths.addMapping(
                PathSpec.from("/json/*"),
                new ContextHandler(new CompressionHandler(new Json(dataset, mapper)), "/json"));
        paths.addMapping(PathSpec.from("/ws"), new Refusing());
        paths.addMapping(PathSpec.from("/static/*"), new ContextHandler(files, "/static"));
        WebSocketUpgradeHandler upgrades = WebSocketUpgradeHandler.from(server, container -> {
            container.setIdleTimeout(Duration.ZERO);
            container.addMapping("/ws", (_, _, _) -> new Echo());
        });
        upgrades.setHandler(paths);
        return upgrades;
    }

    /// Without Jetty's cache: the class "production" reads files from the disk for each request.
    private static final class FromDisk extends ResourceHandler {
        @Override
        protected HttpContent.Factory newHttpContentFactory(ByteBufferPool.Sized pool) {
            return new PreCompressedHttpContentFactory(
                    new ResourceHttpContentFactory(getBaseResource(), getMimeTypes(), pool),
                    List.of(CompressedContentFormat.GZIP));
        }
    }

    private interface Answer {
        String of(Request request) throws Exception;
    }

    private static int parameter(Fields query, String name) {
        return Integer.parseInt(query.getValue(name));
    }

    private static String sum(Request request) throws Exception {
        Fields query = Request.extractQueryParameters(request);
        int sum = parameter(query, "a") + parameter(query, "b");
        return Integer.toString(
                request.getMethod().equals("POST") ? sum + Integer.parseInt(Content.Source.asString(request)) : sum);
    }

    private static String upload(Request request) throws Exception {
        try (InputStream body = Content.Source.asInputStream(request)) {
            return Long.toString(body.transferTo(OutputStream.nullOutputStream()));
        }
    }

    private static final class Texts extends Handler.Abstract {
        private final Answer answer;

        Texts(Answer answer) {
            this.answer = answer;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String text = answer.of(request);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
            Content.Sink.write(response, true, text, callback);
            return true;
        }
    }

    private static final class Json extends Handler.Abstract {
        private final Dataset dataset;
        private final JsonMapper mapper;

        Json(Dataset dataset, JsonMapper mapper) {
            this.dataset = dataset;
            this.mapper = mapper;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            String path = Request.getPathInContext(request);
            int count = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
            Items items = dataset.first(count, parameter(Request.extractQueryParameters(request), "m"));
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.write(true, ByteBuffer.wrap(mapper.writeValueAsBytes(items)), callback);
            return true;
        }
    }

    private static final class Refusing extends Handler.Abstract.NonBlocking {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Response.writeError(request, response, callback, 400);
            return true;
        }
    }

    /// Public as Jetty wants it.
    public static final class Echo extends Session.Listener.AbstractAutoDemanding {
        @Override
        public void onWebSocketText(String message) {
            getSession().sendText(message, org.eclipse.jetty.websocket.api.Callback.NOOP);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, org.eclipse.jetty.websocket.api.Callback callback) {
            getSession().sendBinary(payload, callback);
        }
    }
}
