package dev.loomgate.server;

import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.loop.settings.TimeText;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.loop.spool.Spool;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/// How a server runs.
///
/// @param loops event loops, one OS thread each
/// @param engine where microthreads run
/// @param threads platform threads of [Engine#THREADS], over all loops
/// @param transport what the loops wait with
/// @param holdLimit how long a microthread may hold its loop before the log shows its stack
/// @param handOver how long a microthread may hold its loop before the loop goes on without it on another OS thread;
///     zero for never
/// @param heldThreads OS threads of each loop that may be held so at a time
/// @param blockingThreads threads for blocking work, over all loops
/// @param blockingQueue blocking work that may wait for one of them; more is refused
/// @param backlog connections that the kernel keeps while none is accepted
/// @param socketMode permission bits of unix sockets in the file system
/// @param sockets what else sockets are made with
/// @param allowFrom who may speak uwsgi, SCGI and FastCGI over TCP besides loopback: addresses and CIDR blocks,
///     `private` for the addresses that are not routed in the Internet, `any` for everybody
/// @param proxyProtocolFrom whose connections begin with a header of the PROXY protocol: addresses and CIDR blocks,
///     `private`, `any` as above, `unix` for peers on unix sockets; they must send it, and others never do
/// @param direct whether the application's processes take the connections of uwsgi sockets themselves
/// @param tls how TLS is spoken on listeners for HTTPS, which need a certificate
/// @param limits what one client may take
/// @param http2 how HTTP/2 is spoken
/// @param http3 how HTTP/3 is spoken, beside HTTPS
/// @param webSockets what a WebSocket's client may take
/// @param httpTimeout the limits' body and write timeout for HTTP clients; zero for as the limits have them
/// @param uwsgiTimeout the same for clients of uwsgi, SCGI and FastCGI
/// @param spool where long bodies wait for slow clients
/// @param stopTimeout how long a graceful stop waits for running requests
/// @param accessLog whether all requests are logged
/// @param accessLogFormat how
/// @param accessLogRules which are logged although not all are
/// @param accessLogTo where; written by a thread of its own, never closed by the server
/// @param development whether a 500 answer shows the exception to the client
/// @param settingNames what messages call a setting of these or of the limits, by its name here: a program whose users
///     know `maxUriLength` by another name gives that
public record ServerOptions(
        int loops,
        Engine engine,
        int threads,
        Transport transport,
        Duration holdLimit,
        Duration handOver,
        int heldThreads,
        int blockingThreads,
        int blockingQueue,
        int backlog,
        int socketMode,
        SocketOptions sockets,
        List<String> allowFrom,
        List<String> proxyProtocolFrom,
        Direct direct,
        TlsOptions tls,
        Limits limits,
        Http2Options http2,
        Http3Options http3,
        WebSocketOptions webSockets,
        Duration httpTimeout,
        Duration uwsgiTimeout,
        Spool spool,
        Duration stopTimeout,
        boolean accessLog,
        AccessLogFormat accessLogFormat,
        AccessLogRules accessLogRules,
        OutputStream accessLogTo,
        boolean development,
        UnaryOperator<String> settingNames) {

    private static final Duration LEAST_HAND_OVER = Duration.ofMillis(1);

    /// @throws IllegalArgumentException if an option is out of range; the message names it
    public ServerOptions {
        InvalidSetting.requireAtLeast(1, "loops", loops);
        InvalidSetting.requireAtMost(LoopGroup.MAX_LOOPS, "loops", loops);
        InvalidSetting.requireAtLeast(1, "threads", threads);
        InvalidSetting.requireAtMost(LoopGroup.MAX_THREADS, "threads", threads);
        InvalidSetting.requireAtLeast(1, "backlog", backlog);
        InvalidSetting.requirePositive("holdLimit", holdLimit);
        if (handOver.isNegative() || (handOver.isPositive() && handOver.compareTo(LEAST_HAND_OVER) < 0)) {
            throw new InvalidSetting(
                    "handOver", "is " + TimeText.of(handOver) + ", the least is 1ms; 0 switches it off");
        }
        InvalidSetting.requireAtLeast(1, "heldThreads", heldThreads);
        InvalidSetting.requireAtMost(LoopGroup.MAX_THREADS, "heldThreads", heldThreads);
        InvalidSetting.requireAtLeast(1, "blockingThreads", blockingThreads);
        InvalidSetting.requireAtMost(LoopGroup.MAX_THREADS, "blockingThreads", blockingThreads);
        InvalidSetting.requireAtLeast(1, "blockingQueue", blockingQueue);
        InvalidSetting.requireAtMost(LoopGroup.MAX_QUEUE, "blockingQueue", blockingQueue);
        InvalidSetting.requireNotNegative("httpTimeout", httpTimeout);
        InvalidSetting.requireNotNegative("uwsgiTimeout", uwsgiTimeout);
        InvalidSetting.requireNotNegative("stopTimeout", stopTimeout);
        if (socketMode < 0 || socketMode > 0777) {
            throw new InvalidSetting("socketMode", "is 0%o, it must be in 0000 to 0777".formatted(socketMode));
        }
        allowFrom = List.copyOf(allowFrom);
        proxyProtocolFrom = List.copyOf(proxyProtocolFrom);
    }

    /// What messages call a setting of these or of the limits.
    public String nameOf(String setting) {
        return settingNames.apply(setting);
    }

    /// Whether any requests are logged.
    public boolean hasAccessLog() {
        return accessLog || !accessLogRules.equals(AccessLogRules.NONE);
    }

    /// What one client may take that speaks such a protocol.
    public Limits limits(ListenAddress.Protocol protocol) {
        Duration timeout =
                switch (protocol) {
                    case HTTP, HTTPS -> httpTimeout;
                    case UWSGI, SCGI, FASTCGI -> uwsgiTimeout;
                };
        return timeout.isZero() ? limits : limits.withTimeout(timeout);
    }

    /// The setting that the body timeout and the write timeout of such a protocol's limits are from.
    ///
    /// @param inLimits the timeout's name in the limits
    public String timeoutSetting(ListenAddress.Protocol protocol, String inLimits) {
        return switch (protocol) {
            case HTTP, HTTPS -> httpTimeout.isZero() ? inLimits : "httpTimeout";
            case UWSGI, SCGI, FASTCGI -> uwsgiTimeout.isZero() ? inLimits : "uwsgiTimeout";
        };
    }

    /// The options of a server that nobody configured.
    public static ServerOptions defaults() {
        return builder().build();
    }

    /// The default options, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// Changes some options. Used by one thread.
    public static final class Builder {
        private int loops = Runtime.getRuntime().availableProcessors();
        private Engine engine = Engine.LOOP;
        private int threads = 4 * Runtime.getRuntime().availableProcessors();
        private Transport transport = Transport.preferred();
        private Duration holdLimit = Duration.ofMillis(200);
        private Duration handOver = Duration.ofMillis(20);
        private int heldThreads = 256;
        private int blockingThreads = 32;
        private int blockingQueue = 10_000;
        private int backlog = 4096;
        private int socketMode = 0660;
        private SocketOptions sockets = SocketOptions.defaults();
        private List<String> allowFrom = List.of("private");
        private List<String> proxyProtocolFrom = List.of();
        private Direct direct = Direct.AUTO;
        private TlsOptions tls = TlsOptions.builder().build();
        private Limits limits = Limits.defaults();
        private Http2Options http2 = Http2Options.defaults();
        private Http3Options http3 = Http3Options.defaults();
        private WebSocketOptions webSockets = WebSocketOptions.defaults();
        private Duration httpTimeout = Duration.ZERO;
        private Duration uwsgiTimeout = Duration.ZERO;
        private Spool spool = Spool.defaults();
        private Duration stopTimeout = Duration.ofSeconds(30);
        private boolean accessLog = true;
        private AccessLogFormat accessLogFormat = AccessLogFormat.TEXT;
        private AccessLogRules accessLogRules = AccessLogRules.NONE;
        private OutputStream accessLogTo = System.out;
        private boolean development;
        private UnaryOperator<String> settingNames = UnaryOperator.identity();

        private Builder() {}

        /// @param count at least 1
        public Builder loops(int count) {
            loops = count;
            return this;
        }

        public Builder engine(Engine kind) {
            engine = kind;
            return this;
        }

        /// @param count at least 1
        public Builder threads(int count) {
            threads = count;
            return this;
        }

        public Builder transport(Transport kind) {
            transport = kind;
            return this;
        }

        public Builder holdLimit(Duration limit) {
            holdLimit = limit;
            return this;
        }

        /// @param limit at least 1 ms, or zero for never
        public Builder handOver(Duration limit) {
            handOver = limit;
            return this;
        }

        /// @param count 1 to 10,000
        public Builder heldThreads(int count) {
            heldThreads = count;
            return this;
        }

        /// @param count 1 to 10,000
        public Builder blockingThreads(int count) {
            blockingThreads = count;
            return this;
        }

        /// @param count 1 to 10,000,000
        public Builder blockingQueue(int count) {
            blockingQueue = count;
            return this;
        }

        /// @param connections at least 1
        public Builder backlog(int connections) {
            backlog = connections;
            return this;
        }

        /// @param mode permission bits, 0 to 0777
        public Builder socketMode(int mode) {
            socketMode = mode;
            return this;
        }

        public Builder sockets(SocketOptions all) {
            sockets = all;
            return this;
        }

        /// @param blocks none for loopback alone
        public Builder allowFrom(List<String> blocks) {
            allowFrom = blocks;
            return this;
        }

        /// @param networks none for nobody
        public Builder proxyProtocolFrom(List<String> networks) {
            proxyProtocolFrom = networks;
            return this;
        }

        public Builder direct(Direct when) {
            direct = when;
            return this;
        }

        public Builder tls(TlsOptions all) {
            tls = all;
            return this;
        }

        public Builder limits(Limits all) {
            limits = all;
            return this;
        }

        public Builder http2(Http2Options all) {
            http2 = all;
            return this;
        }

        public Builder http3(Http3Options all) {
            http3 = all;
            return this;
        }

        public Builder webSockets(WebSocketOptions all) {
            webSockets = all;
            return this;
        }

        /// @param timeout zero for what the limits say
        public Builder httpTimeout(Duration timeout) {
            httpTimeout = timeout;
            return this;
        }

        /// @param timeout zero for what the limits say
        public Builder uwsgiTimeout(Duration timeout) {
            uwsgiTimeout = timeout;
            return this;
        }

        /// @param shared may be shared with what else keeps bytes for this server's clients
        public Builder spool(Spool shared) {
            spool = shared;
            return this;
        }

        public Builder stopTimeout(Duration limit) {
            stopTimeout = limit;
            return this;
        }

        public Builder accessLog(boolean on) {
            accessLog = on;
            return this;
        }

        public Builder accessLogFormat(AccessLogFormat format) {
            accessLogFormat = format;
            return this;
        }

        /// @param rules which requests are logged although not all are
        public Builder accessLogRules(AccessLogRules rules) {
            accessLogRules = rules;
            return this;
        }

        public Builder accessLogTo(OutputStream sink) {
            accessLogTo = sink;
            return this;
        }

        public Builder development(boolean on) {
            development = on;
            return this;
        }

        public Builder settingNames(UnaryOperator<String> names) {
            settingNames = names;
            return this;
        }

        /// @throws IllegalArgumentException if an option is out of range; the message names it
        public ServerOptions build() {
            return new ServerOptions(
                    loops,
                    engine,
                    threads,
                    transport,
                    holdLimit,
                    handOver,
                    heldThreads,
                    blockingThreads,
                    blockingQueue,
                    backlog,
                    socketMode,
                    sockets,
                    allowFrom,
                    proxyProtocolFrom,
                    direct,
                    tls,
                    limits,
                    http2,
                    http3,
                    webSockets,
                    httpTimeout,
                    uwsgiTimeout,
                    spool,
                    stopTimeout,
                    accessLog,
                    accessLogFormat,
                    accessLogRules,
                    accessLogTo,
                    development,
                    settingNames);
        }
    }
}
