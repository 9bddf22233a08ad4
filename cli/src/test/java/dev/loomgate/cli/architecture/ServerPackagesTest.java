package dev.loomgate.cli.architecture;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The packages of the server: a request on the ground floor, its two sides above it, protocols and listening on top.
class ServerPackagesTest {
    private static final String SERVER = Module.SERVER.rootPackage();

    // What each may use of the server.
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            entry("websocket", Set.of()),
            entry("exchange", Set.of("websocket")),
            entry("head", Set.of()),
            entry("bind", Set.of()),
            entry("signal", Set.of()),
            entry("unix", Set.of()),
            entry("call", Set.of("exchange", "websocket")),
            entry("observe", Set.of("exchange")),
            entry("connection", Set.of("exchange", "call", "observe", "head", "websocket")),
            entry("cgi", Set.of("exchange")),
            entry("http", Set.of("exchange", "connection", "head", "websocket")),
            entry("stream", Set.of("exchange", "websocket")),
            entry("http2", Set.of("exchange", "connection", "http", "stream", "websocket")),
            entry("http3", Set.of("exchange", "connection", "http", "stream", "listen", "tls")),
            entry("packet", Set.of("exchange", "connection", "head", "websocket", "cgi", "bind", "unix")),
            entry("uwsgi", Set.of("exchange", "connection", "cgi", "bind", "packet")),
            entry("scgi", Set.of("exchange", "connection", "cgi", "bind", "packet")),
            entry("fastcgi", Set.of("exchange", "connection", "head", "cgi", "bind", "packet")),
            entry("proxy", Set.of("connection", "bind")),
            entry("tls", Set.of("connection", "head")),
            entry("listen", Set.of("connection", "bind", "unix")),
            entry("direct", Set.of("exchange", "connection", "listen", "unix")));
    // What those who embed the server set, or are told, which the packages below have to do with.
    private static final List<String> VALUES = List.of(
            "AccessLine",
            "Limits",
            "Http2Options",
            "Http3Options",
            "ServerOptions",
            "ServerSnapshot",
            "SocketOptions",
            "TlsOptions",
            "WebSocketOptions",
            "AccessLogFormat",
            "AccessLogRules",
            "FinishedRequest",
            "ListenAddress",
            "ListenAddress$Place",
            "ListenAddress$Protocol");
    private static final Set<String> WITHOUT_VALUES = Set.of("exchange", "call", "head", "bind", "unix");

    private static final Pattern PROTOCOL = Pattern.compile("(?i)uwsgi|fastcgi|scgi|\\bhttp[123]?connection");

    @Test
    void everyPackageHasItsPlace() {
        assertThat(CompiledClasses.of(Module.SERVER).stream()
                        .map(Module.SERVER::packageOf)
                        .filter(place -> !place.isEmpty())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(ARROWS.keySet());
    }

    @Test
    void aPackageUsesOnlyWhatItsArrowsSay() {
        assertThat(CompiledClasses.of(Module.SERVER).stream()
                        .filter(type -> !Module.SERVER.packageOf(type).isEmpty())
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(dependency -> !isAllowed(dependency))
                        .map(Dependency::getDescription))
                .isEmpty();
    }

    private static boolean isAllowed(Dependency dependency) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (!Module.SERVER.owns(target)) {
            return true;
        }
        String from = Module.SERVER.packageOf(dependency.getOriginClass());
        String to = Module.SERVER.packageOf(target);
        if (from.equals(to)) {
            return true;
        }
        return to.isEmpty()
                ? !WITHOUT_VALUES.contains(from) && isValue(target)
                : ARROWS.getOrDefault(from, Set.of()).contains(to);
    }

    private static boolean isValue(JavaClass type) {
        String name = type.getName().substring(SERVER.length() + 1);
        return VALUES.stream().anyMatch(value -> name.equals(value) || name.startsWith(value + "$"));
    }

    /// Another protocol is another package on top: nothing below has to change for it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "websocket",
                "exchange",
                "call",
                "observe",
                "connection",
                "head",
                "cgi",
                "direct",
                "packet",
                "proxy",
                "stream"
            })
    void noneBelowTheProtocolsNamesOne(String place) throws IOException {
        try (Stream<Path> sources = Files.list(Path.of("../server/src/main/java", SERVER.replace('.', '/'), place))) {
            assertThat(sources.filter(file -> !file.endsWith("package-info.java")))
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(withoutComments(file)).as("%s", file).doesNotContainPattern(PROTOCOL));
        }
    }

    private static String withoutComments(Path file) throws IOException {
        return Files.readString(file).replaceAll("(?m)^ *//.*$", "");
    }
}
