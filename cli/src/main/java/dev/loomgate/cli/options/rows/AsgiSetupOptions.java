package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.python.AsgiOptions;
import java.util.List;

/// How Python applications are called, and what the workers of ASGI applications run on.
public final class AsgiSetupOptions {
    private static final AsgiOptions DEFAULTS = AsgiOptions.defaults();

    static final Option<AsgiOptions.Interface> INTERFACE = Option.value(
                    ValueType.choice("INTERFACE", AsgiOptions.Interface.class), "--interface")
            .standard(DEFAULTS.called())
            .says("what Python applications are: wsgi, asgi, or auto, by the parameters of the callable");

    static final Option<AsgiOptions.EventLoop> PYTHON_LOOP = Option.value(
                    ValueType.choice("LOOP", AsgiOptions.EventLoop.class), "--python-loop")
            .standard(DEFAULTS.loop())
            .says(
                    "the event loop of an ASGI application's workers: asyncio, uvloop, or auto, uvloop where there is one");

    static final Option<Integer> ASGI_REQUESTS = Option.value(ValueType.NUMBER, "--asgi-requests")
            .standard(DEFAULTS.requests())
            .range(Range.between(1, 65_536))
            .setting("asgiRequests")
            .says(
                    "requests at once in each worker of an ASGI application, WebSockets among them; more wait in the server");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(INTERFACE, PYTHON_LOOP, ASGI_REQUESTS);

    private AsgiSetupOptions() {}

    static AsgiOptions asgi(OptionValues values) {
        return new AsgiOptions(values.of(INTERFACE), values.of(PYTHON_LOOP), values.of(ASGI_REQUESTS));
    }
}
