package dev.loomgate.cli.subscribe;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.ListenAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What was asked for of subscriptions.
///
/// @param subscriptions none for none
/// @param period how often they are sent
/// @param weight how much of the requests it is to have, as routers understand it
/// @param autoWeight whether the weight is the number of requests that it runs at once
/// @param blocked whether nothing is sent before the master FIFO says so
public record SubscribeSettings(
        List<Subscription> subscriptions, Duration period, int weight, boolean autoWeight, boolean blocked) {
    /// None.
    public static final SubscribeSettings NONE =
            new SubscribeSettings(List.of(), Duration.ofSeconds(10), 1, false, false);

    /// @throws IllegalArgumentException if a number is out of its range; the message is for the operator
    public SubscribeSettings {
        subscriptions = List.copyOf(subscriptions);
        InvalidSetting.requirePositive("subscribePeriod", period);
        InvalidSetting.requireAtLeast(1, "weight", weight);
    }

    /// These subscriptions.
    ///
    /// @param plain as `--subscribe-to` has them
    /// @param keyed as `--subscribe2` has them
    /// @throws IllegalArgumentException if one is none; the message is for the operator
    public static List<Subscription> read(List<String> plain, List<String> keyed) {
        List<Subscription> all = new ArrayList<>();
        plain.forEach(text -> all.add(Subscription.plain("--subscribe-to", text)));
        keyed.forEach(text -> all.add(Subscription.keyed("--subscribe2", text)));
        return all;
    }

    /// Why these can't be sent by a server that listens there, in one line for the operator; empty if they can.
    public Optional<String> problem(List<ListenAddress> addresses) {
        long sockets = addresses.stream()
                .filter(address -> address.protocol() == ListenAddress.Protocol.UWSGI)
                .count();
        for (Subscription each : subscriptions) {
            if (each.address() == null && each.socket() >= sockets) {
                return Optional.of(
                        "the subscription %s: there is no %s for the uwsgi protocol that the router could connect to (--socket)"
                                .formatted(each.text(), each.socket() == 0 ? "socket" : "socket " + each.socket()));
            }
        }
        return Optional.empty();
    }
}
