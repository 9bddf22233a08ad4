package dev.loomgate.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// The sentinels of a `redis-sentinel://` URI, which know where the master is. They are asked one after the other
/// until one knows it, each for the time of a call at the most: one that is dead or hangs is passed over. For the
/// thread that keeps the connection.
///
/// By plain connections: Lettuce's own look-up has a line in the log for each sentinel that isn't there, each time.
final class Sentinels {
    private final RedisURI uri;
    private final Duration timeout;

    // Which one is asked first: the one that knew it last.
    private int first;

    /// @param uri of a master's name, with sentinels
    Sentinels(RedisURI uri, Duration timeout) {
        this.uri = uri;
        this.timeout = timeout;
    }

    /// `"shop" by the sentinels 10.0.0.1:26379, 10.0.0.2:26379`.
    String place() {
        return "\"%s\" by the sentinels %s"
                .formatted(
                        uri.getSentinelMasterId(),
                        uri.getSentinels().stream().map(Sentinels::address).collect(Collectors.joining(", ")));
    }

    private static String address(RedisURI sentinel) {
        return sentinel.getHost() + ":" + sentinel.getPort();
    }

    /// Where the master is now, as they say.
    ///
    /// @throws RedisGone if none of them says it; with what each says
    RedisURI master(RedisClient client) throws InterruptedException {
        List<RedisURI> all = uri.getSentinels();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            int number = (first + i) % all.size();
            RedisURI sentinel = all.get(number);
            try {
                RedisURI master = ask(client, sentinel);
                first = number;
                return master;
            } catch (ExecutionException | TimeoutException | RedisException | RedisGone e) {
                answers.add(address(sentinel) + ": " + Connector.why(e));
            }
        }
        throw new RedisGone("no sentinel says where it is (" + String.join("; ", answers) + ")");
    }

    /// What the last one has said was wrong: another one may know better.
    void distrust() {
        first = (first + 1) % uri.getSentinels().size();
    }

    private RedisURI ask(RedisClient client, RedisURI sentinel)
            throws ExecutionException, TimeoutException, InterruptedException {
        RedisURI plain = RedisURI.create(sentinel.getHost(), sentinel.getPort());
        plain.setTimeout(timeout);
        CompletableFuture<StatefulRedisConnection<String, String>> opening =
                client.connectAsync(StringCodec.UTF8, plain).toCompletableFuture();
        try {
            long end = System.nanoTime() + timeout.toNanos();
            StatefulRedisConnection<String, String> connection = opening.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            List<String> answer = connection
                    .async()
                    .dispatch(
                            CommandType.SENTINEL,
                            new ValueListOutput<>(StringCodec.UTF8),
                            new CommandArgs<>(StringCodec.UTF8)
                                    .add("GET-MASTER-ADDR-BY-NAME")
                                    .add(uri.getSentinelMasterId()))
                    .toCompletableFuture()
                    .get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (answer.size() != 2) {
                throw new RedisGone("it knows no \"%s\"".formatted(uri.getSentinelMasterId()));
            }
            return node(answer.get(0), Integer.parseInt(answer.get(1)));
        } catch (TimeoutException e) {
            throw new RedisGone("no answer in %d ms".formatted(timeout.toMillis()));
        } finally {
            opening.thenAccept(StatefulRedisConnection::closeAsync);
        }
    }

    private RedisURI node(String host, int port) {
        RedisURI node = RedisURI.create(host, port);
        node.setDatabase(uri.getDatabase());
        node.setCredentialsProvider(uri.getCredentialsProvider());
        node.setTimeout(timeout);
        if (uri.getClientName() != null) {
            node.setClientName(uri.getClientName());
        }
        return node;
    }
}
