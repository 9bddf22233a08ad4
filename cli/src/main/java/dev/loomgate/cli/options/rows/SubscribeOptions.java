package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.cli.subscribe.SubscribeSettings;
import java.time.Duration;
import java.util.List;

/// How uWSGI's routers find the server.
public final class SubscribeOptions {
    private static final SubscribeSettings NONE = SubscribeSettings.NONE;

    static final Option<List<String>> SUBSCRIBE_TO = Option.values(
                    ValueType.TEXT, "--subscribe-to", "--subscribe", "--st")
            .label("[ADDRESS=]SERVER:KEY")
            .inUwsgi("a socket for all addresses is announced by the machine's own; without signatures, and without"
                    + " =NUMBER for a shared socket")
            .says("announce the first socket for uwsgi, or ADDRESS, to the subscription server of uWSGI's fastrouter at"
                    + " HOST:PORT or a unix socket's path, for requests to the host KEY, or to those in @FILE, one a"
                    + " line; KEY,NUMBER has requests sent with that modifier");

    static final Option<List<String>> SUBSCRIBE2 = Option.values(ValueType.TEXT, "--subscribe2")
            .label("KEY=VALUE,...")
            .inUwsgi("the same, without sign")
            .says("the same with server, key and, where wanted, socket=NUMBER or addr, weight, modifier1, modifier2,"
                    + " check=FILE to send nothing while that is there, sni_key, sni_crt, sni_ca");

    static final Option<Duration> SUBSCRIBE_FREQ = Option.value(ValueType.TIME, "--subscribe-freq")
            .label("SECONDS")
            .standard(NONE.period())
            .setting("subscribePeriod")
            .range(Range.positive())
            .inUwsgi(Option.SAME)
            .says("how often; a router forgets a server that it hasn't heard of for 17 seconds");

    static final Option<Integer> WEIGHT = Option.value(ValueType.NUMBER, "--weight")
            .standard(NONE.weight())
            .setting("weight")
            .range(Range.atLeast(1))
            .inUwsgi(Option.SAME)
            .says("how many requests it is to get, beside others of the same key");

    static final Option<Boolean> AUTO_WEIGHT = Option.value(ValueType.ON_OFF, "--auto-weight")
            .standard(false)
            .inUwsgi(Option.SAME)
            .says("as many as it runs at once: its Python workers, or its loops");

    static final Option<Boolean> START_UNSUBSCRIBED = Option.flag("--start-unsubscribed")
            .inUwsgi(Option.SAME)
            .says("announce nothing before S in the --master-fifo, which has it go again, too");

    /// In the order of the help.
    public static final List<Option<?>> ALL =
            List.of(SUBSCRIBE_TO, SUBSCRIBE2, SUBSCRIBE_FREQ, WEIGHT, AUTO_WEIGHT, START_UNSUBSCRIBED);

    private SubscribeOptions() {}

    /// What was asked for.
    ///
    /// @throws IllegalArgumentException if a value makes no sense
    public static SubscribeSettings settings(OptionValues values) {
        return new SubscribeSettings(
                SubscribeSettings.read(values.of(SUBSCRIBE_TO), values.of(SUBSCRIBE2)),
                values.of(SUBSCRIBE_FREQ),
                values.of(WEIGHT),
                values.of(AUTO_WEIGHT),
                values.of(START_UNSUBSCRIBED));
    }
}
