package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.toolkit.proxy.ProxyFix;
import java.util.List;

/// What proxies in front say of a client in header fields, and which are believed.
public final class ForwardedOptions {
    /// The header fields that proxies of the operator's set. A client's other ones pass through them, so both can't be
    /// believed.
    enum Fields {
        X_FORWARDED,
        FORWARDED
    }

    // The farthest that a client may be away, in proxies of the trusted networks.
    private static final int MOST_PROXIES = 100;

    static final Option<List<String>> TRUST_FORWARDED_FROM = Option.values(ValueType.TEXT, "--trust-forwarded-from")
            .label("CIDR|unix")
            .separatedBy(",")
            .standardText("nobody")
            .says("proxies in these networks, or on unix sockets, are believed what they say of the client: its address"
                    + " is the last in X-Forwarded-For that isn't in them; X-Forwarded-Proto, -Host and -Port are the"
                    + " last values");

    static final Option<Fields> FORWARDED_HEADER = Option.value(
                    ValueType.choice("HEADER", Fields.class), "--forwarded-header")
            .standard(Fields.X_FORWARDED)
            .says("what those proxies set, whatever clients send: x_forwarded (X-Forwarded-For, -Proto, -Host, -Port)"
                    + " or forwarded (Forwarded of RFC 7239)");

    private ForwardedOptions() {}

    /// What corrects the requests; one that changes nothing where nobody is trusted.
    ///
    /// @throws IllegalArgumentException if a network is none
    public static Middleware middleware(OptionValues values) {
        List<String> networks = values.of(TRUST_FORWARDED_FROM);
        if (networks.isEmpty()) {
            return application -> application;
        }
        ProxyFix fix;
        try {
            fix = ProxyFix.of().withNetworks(networks.toArray(String[]::new)).withAddressesOnly();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--trust-forwarded-from: " + e.getMessage(), e);
        }
        return switch (values.of(FORWARDED_HEADER)) {
            case X_FORWARDED ->
                fix.withXFor(MOST_PROXIES).withXProto(1).withXHost(1).withXPort(1);
            case FORWARDED -> fix.withForwarded(MOST_PROXIES);
        };
    }
}
