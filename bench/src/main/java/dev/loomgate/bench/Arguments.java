package dev.loomgate.bench;

import dev.loomgate.bench.tables.ArenaProfiles;
import dev.loomgate.bench.tables.AsgiOverHttp;
import dev.loomgate.bench.tables.BeingSeen;
import dev.loomgate.bench.tables.Effort;
import dev.loomgate.bench.tables.FindingRoutes;
import dev.loomgate.bench.tables.FirstMinute;
import dev.loomgate.bench.tables.Floods;
import dev.loomgate.bench.tables.Gevent;
import dev.loomgate.bench.tables.Http2Hello;
import dev.loomgate.bench.tables.KeepAlive;
import dev.loomgate.bench.tables.Nginxed;
import dev.loomgate.bench.tables.PythonBehindNginx;
import dev.loomgate.bench.tables.PythonOverHttp;
import dev.loomgate.bench.tables.SharedState;
import dev.loomgate.bench.tables.SiteStart;
import dev.loomgate.bench.tables.Sleeping;
import dev.loomgate.bench.tables.SlowUploads;
import dev.loomgate.bench.tables.StartUp;
import dev.loomgate.bench.tables.Table;
import dev.loomgate.bench.tables.TlsEngines;
import dev.loomgate.bench.tables.TlsHello;
import dev.loomgate.bench.tables.ToolkitCost;
import dev.loomgate.bench.tables.Trackers;
import dev.loomgate.bench.tables.Waiting;
import dev.loomgate.bench.tables.WebSocketEcho;
import dev.loomgate.bench.tables.WhileOneBlocks;
import java.util.ArrayList;
import java.util.List;

/// What `bench/run` was asked for.
///
/// @param only parts of the names of the servers that take part, empty for all
record Arguments(List<Table> tables, Effort effort, List<String> only) {
    private static final List<Table> TABLES = List.of(
            new KeepAlive(),
            new Nginxed(),
            new Waiting(),
            new Sleeping(),
            new StartUp(),
            new SlowUploads(),
            new PythonBehindNginx(),
            new PythonOverHttp(),
            new FindingRoutes(),
            new ToolkitCost(),
            new FirstMinute(),
            new SiteStart(),
            new Http2Hello(),
            new TlsHello(),
            new TlsEngines(),
            new WebSocketEcho(),
            new Floods(),
            new AsgiOverHttp(),
            new Gevent(),
            new BeingSeen(),
            new WhileOneBlocks(),
            new ArenaProfiles(),
            new Trackers(),
            new SharedState());

    /// @throws IllegalArgumentException with one line for the user
    static Arguments parse(String... args) {
        List<Table> tables = new ArrayList<>();
        Effort effort = Effort.FULL;
        List<String> only = List.of();
        for (String arg : args) {
            if (arg.equals("--quick")) {
                effort = Effort.QUICK;
            } else if (arg.startsWith("--only=")) {
                only = List.of(arg.substring("--only=".length()).split(",", -1));
            } else {
                tables.add(table(arg));
            }
        }
        return new Arguments(tables.isEmpty() ? TABLES : List.copyOf(tables), effort, only);
    }

    private static Table table(String letter) {
        return TABLES.stream()
                .filter(table -> table.letter().equals(letter))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no table " + letter + "; there are "
                        + String.join(" ", TABLES.stream().map(Table::letter).toList())
                        + ", and the options --quick and --only=NAME,..."));
    }
}
