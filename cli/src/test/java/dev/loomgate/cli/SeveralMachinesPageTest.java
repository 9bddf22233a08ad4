package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.options.ServeOptions;
import dev.loomgate.server.ListenAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// `docs/several-machines.md` shows the load balancers that `examples/cluster/run` runs, and a deployment that fits the
/// server's options.
class SeveralMachinesPageTest {
    private static final Path ROOT = Path.of("..");

    private static String block(String language) throws IOException {
        Matcher block = Pattern.compile("```" + language + "\n(.*?)```\n", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("docs/several-machines.md")));
        assertThat(block.find()).as(language).isTrue();
        return block.group(1);
    }

    private static String withoutIndents(String text) {
        return text.replaceAll("(?m)^ +", "");
    }

    @ParameterizedTest
    @CsvSource({"nginx, nginx.conf", "haproxy, haproxy.cfg"})
    void theLoadBalancersAreThoseOfTheExample(String language, String file) throws IOException {
        assertThat(withoutIndents(Files.readString(ROOT.resolve("examples/cluster", file))))
                .contains(withoutIndents(block(language)));
    }

    // What is at a path of keys and numbers.
    private static Object at(Object value, Object... path) {
        Object found = value;
        for (Object step : path) {
            found = step instanceof Integer number ? ((List<?>) found).get(number) : ((Map<?, ?>) found).get(step);
            assertThat(found).as("%s of %s", step, Arrays.toString(path)).isNotNull();
        }
        return found;
    }

    @Test
    void theDeploymentFitsTheServersOptions() throws IOException {
        List<Object> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(block("yaml"))
                .forEach(documents::add);
        assertThat(documents).hasSize(2);
        Object deployment = documents.getFirst();
        Object service = documents.getLast();
        Object pod = at(deployment, "spec", "template", "spec");
        Object container = at(pod, "containers", 0);
        ServeOptions options = new ServeOptions();
        CommandSpec command = CommandSpec.create();
        options.addTo(command);
        List<?> args = (List<?>) at(container, "args");
        new CommandLine(command).parseArgs(args.stream().map(String::valueOf).toArray(String[]::new));

        assertThat(at(deployment, "spec", "template", "metadata", "labels"))
                .isEqualTo(at(deployment, "spec", "selector", "matchLabels"))
                .isEqualTo(at(service, "spec", "selector"));
        assertThat(options.addresses()).hasSize(1).allSatisfy(address -> {
            assertThat(port(address)).isEqualTo(at(container, "ports", 0, "containerPort"));
            assertThat(port(address)).isEqualTo(at(service, "spec", "ports", 0, "targetPort"));
        });
        for (String probe : List.of("readinessProbe", "livenessProbe")) {
            assertThat(options.metrics().address()).isNotNull().satisfies(address -> assertThat(port(address))
                    .isEqualTo(at(container, probe, "httpGet", "port")));
        }
        assertThat(Duration.ofSeconds((int) at(pod, "terminationGracePeriodSeconds")))
                .isGreaterThan(options.drainDelay().plus(options.serverOptions().stopTimeout()));
    }

    private static Object port(ListenAddress address) {
        return ((ListenAddress.Place.Tcp) address.place()).port();
    }
}
