package dev.loomgate.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/// `docs/from-gunicorn.md` names every setting of the gunicorn that is installed, and only options that there are.
class FromGunicornTest {
    private static final Path PAGE = Path.of("../docs/from-gunicorn.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-zA-Z][a-z-]*");

    private static Stream<List<String>> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("|"))
                .map(line -> List.of(line.split(" *\\| *", -1)));
    }

    private static Set<String> codes(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult code) -> code.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everySettingIsNamed() throws Exception {
        Process python = new ProcessBuilder(
                        Python.DEBIAN, "-c", "import gunicorn.config as c; print(*c.make_settings(), sep='\\n')")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> settings = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        Set<String> named = rows().flatMap(row -> codes(row.get(1)).stream()).collect(Collectors.toSet());

        assertThat(settings).hasSizeGreaterThan(80);
        assertThat(named).containsAll(settings);
    }

    @Test
    void whatIsSaidOfThemNamesOptionsThatThereAre() throws IOException {
        CommandSpec command = CommandSpec.create();
        new SiteOptions().addTo(command);
        Set<String> offered = command.options().stream()
                .flatMap(option -> Stream.of(option.names()))
                .collect(Collectors.toSet());
        Set<String> said = rows().flatMap(row -> codes(row.get(2)).stream())
                .flatMap(code -> OPTION.matcher(code).results().map(MatchResult::group))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(said).hasSizeGreaterThan(20);
        assertThat(offered).containsAll(said);
    }
}
