package dev.loomgate.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.push.PushListener;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Opens connections by Lettuce, which neither reconnects by itself nor has time-outs of its own: [Link]
/// does.
final class Connector implements AutoCloseable {
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    // What Lettuce takes at the least. They are started when they are needed: one of the first does all I/O.
    private static final int THREADS = 2;

    static {
        // Where both are, Lettuce takes epoll anyway, and without this it warns of that at each attempt.
        String choice = "io.lettuce.core.iouring";
        if (System.getProperty(choice) == null) {
            System.setProperty(choice, "false");
        }
    }

    private static final Pattern SCHEMES = Pattern.compile("redis(s|-sentinel)?://.+");
    private static final Pattern NAMELESS = Pattern.compile("redis-sentinel:[^#]*#?");

    private final RedisURI uri;
    private final Optional<Sentinels> sentinels;
    private final Duration timeout;
    private final List<Feature> features;
    private final ClientResources resources;
    private final RedisClient client;

    Connector(RedisSettings settings, List<Feature> features) {
        uri = uri(settings);
        timeout = settings.timeout();
        sentinels = uri.getSentinels().isEmpty() ? Optional.empty() : Optional.of(new Sentinels(uri, timeout));
        this.features = features;
        resources = ClientResources.builder()
                // The JDK's, by whose hosts file and search list other names are looked up as well. It holds the I/O
                // thread, which has nothing else then; Netty's own may leave a socket behind at the end of its thread.
                .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .build();
        client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .protocolVersion(ProtocolVersion.RESP3)
                .requestQueueSize(settings.maxCalls())
                .sslOptions(ssl(settings.tls()))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(true)
                        .build())
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .build());
    }

    private static SslOptions ssl(RedisTls tls) {
        SslOptions.Builder options = SslOptions.builder();
        Path trusted = tls.trusted();
        if (trusted != null) {
            options.trustManager(trusted.toFile());
        }
        Path certificate = tls.certificate();
        Path key = tls.key();
        if (certificate != null && key != null) {
            options.keyManager(certificate.toFile(), key.toFile(), new char[0]);
        }
        return options.build();
    }

    private static RedisURI uri(RedisSettings settings) {
        if (!SCHEMES.matcher(settings.uri()).matches()) {
            throw noUri();
        }
        if (NAMELESS.matcher(settings.uri()).matches()) {
            throw new IllegalArgumentException(
                    "RedisSettings: uri names no master: redis-sentinel://HOST,HOST/DATABASE#NAME");
        }
        try {
            RedisURI uri = RedisURI.create(settings.uri());
            uri.setTimeout(settings.timeout());
            return uri;
        } catch (IllegalArgumentException e) {
            throw noUri();
        }
    }

    /// Without the cause: its text may have the URI, and with it a password.
    private static IllegalArgumentException noUri() {
        return new IllegalArgumentException(
                "RedisSettings: uri is no redis://, rediss:// or redis-sentinel:// URI of a host");
    }

    /// `at 10.0.0.5:6379`, or a master's name and its sentinels.
    String place() {
        return sentinels.map(Sentinels::place).orElse("at " + address(uri));
    }

    private static String address(RedisURI uri) {
        return uri.getHost() + ":" + uri.getPort();
    }

    /// An open connection.
    ///
    /// @param found where the sentinels have said that the master is; empty without sentinels
    record Opened(StatefulRedisPubSubConnection<String, byte[]> connection, String found) {}

    /// Opens a connection, to the master where there are sentinels.
    ///
    /// @param lost is told when it ends
    /// @throws RedisGone if no sentinel knows a master, or the one that they know is none
    Opened connect(BiConsumer<StatefulRedisPubSubConnection<String, byte[]>, String> lost)
            throws ExecutionException, TimeoutException, InterruptedException {
        if (sentinels.isEmpty()) {
            return new Opened(connect(uri, lost), "");
        }
        RedisURI master = sentinels.get().master(client);
        boolean isGood = false;
        try {
            StatefulRedisPubSubConnection<String, byte[]> made = connect(master, lost);
            requireMaster(made, address(master));
            isGood = true;
            return new Opened(made, address(master));
        } catch (ExecutionException e) {
            throw new RedisGone("%s: %s".formatted(address(master), why(e)));
        } finally {
            if (!isGood) {
                sentinels.get().distrust();
            }
        }
    }

    /// Between a master's end and the next one's beginning a sentinel may name one that is a replica by now. What is
    /// read there would be old.
    private void requireMaster(StatefulRedisPubSubConnection<String, byte[]> made, String address)
            throws ExecutionException, TimeoutException, InterruptedException {
        boolean isMaster = false;
        try {
            List<Object> role = made.async().role().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            isMaster = role.isEmpty() || "master".equals(text(role.getFirst()));
        } catch (ExecutionException e) {
            // A user that may not ask has to believe the sentinels.
            isMaster = String.valueOf(e.getCause()).contains("NOPERM");
            if (!isMaster) {
                throw e;
            }
        } finally {
            if (!isMaster) {
                made.closeAsync();
            }
        }
        if (!isMaster) {
            throw new RedisGone(address + " is no master yet, or no longer");
        }
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
    }

    private StatefulRedisPubSubConnection<String, byte[]> connect(
            RedisURI to, BiConsumer<StatefulRedisPubSubConnection<String, byte[]>, String> lost)
            throws ExecutionException, TimeoutException, InterruptedException {
        CompletableFuture<StatefulRedisPubSubConnection<String, byte[]>> opening =
                client.connectPubSubAsync(CODEC, to).toCompletableFuture();
        StatefulRedisPubSubConnection<String, byte[]> made;
        try {
            // Looking the name up and the handshake come before and after what Lettuce limits.
            made = opening.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException e) {
            opening.thenAccept(StatefulRedisPubSubConnection::closeAsync);
            throw e;
        }
        RedisConnectionStateListener ends = new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                lost.accept(made, "the connection ended");
            }
        };
        PushListener pushes = push -> {
            if (push.getType().equals("invalidate")) {
                List<String> keys = keys(push);
                features.forEach(feature -> feature.invalidated(keys));
            }
        };
        made.addListener(ends);
        made.addListener(pushes);
        made.addListener(new RedisPubSubAdapter<String, byte[]>() {
            @Override
            public void message(String channel, byte[] content) {
                features.forEach(feature -> feature.message(channel, content));
            }
        });
        return made;
    }

    /// The keys of `["invalidate", [key, ...]]`; null for all.
    private static @Nullable List<String> keys(PushMessage push) {
        List<Object> content = push.getContent();
        if (content.size() < 2 || !(content.get(1) instanceof List<?> changed)) {
            return null;
        }
        List<String> keys = new ArrayList<>();
        for (Object key : changed) {
            if (key instanceof ByteBuffer bytes) {
                keys.add(StringCodec.UTF8.decodeKey(bytes.duplicate()));
            }
        }
        return keys;
    }

    /// The reason in one line.
    static String why(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = cause.getMessage();
        return text == null
                ? cause.getClass().getSimpleName()
                : text.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        client.shutdownAsync(0, timeout.toMillis(), TimeUnit.MILLISECONDS).join();
        resources.shutdown(0, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
