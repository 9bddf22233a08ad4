package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.options.SiteOptions;
import dev.loomgate.cli.options.UwsgiOptionList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.Model.CommandSpec;

/// The libraries name no option of the command line, which their users may not have: they speak of settings.
class LibraryTextsTest {
    /// Where `Server.run` has an argument of its own by that name.
    private static final Map<String, Set<String>> OWN =
            Map.of("Server.java", Set.of("--http"), "ServerProgram.java", Set.of("--http"));

    private static final Pattern OPTION = option();

    private static Pattern option() {
        CommandSpec command = CommandSpec.create();
        new SiteOptions().addTo(command);
        UwsgiOptionList.addNeedlessTo(command, UwsgiOptionList.names().toArray(String[]::new));
        return Pattern.compile(command.options().stream()
                .flatMap(option -> Stream.of(option.names()))
                .filter(name -> name.startsWith("--"))
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "(?<![\\w-])(", ")(?![\\w-])|\\(-[a-zA-Z]\\)")));
    }

    @ParameterizedTest
    @EnumSource(names = {"GATEWAY", "LOOP", "SERVER", "TOOLKIT", "PYTHON"})
    void aLibraryNamesNoOption(Module module) throws IOException {
        List<Path> sources = sources(module);
        assertThat(sources).isNotEmpty().allSatisfy(file -> assertThat(OPTION.matcher(Files.readString(file))
                        .results()
                        .map(found -> found.group())
                        .filter(option -> !OWN.getOrDefault(String.valueOf(file.getFileName()), Set.of())
                                .contains(option)))
                .as("options in %s", file)
                .isEmpty());
    }

    @Test
    void anOptionIsSeen() {
        assertThat(OPTION.matcher("over 7 bytes (--buffer-size)").find()).isTrue();
        assertThat(OPTION.matcher("no module 'x' (-w)").find()).isTrue();
        assertThat(OPTION.matcher("java --add-opens x=y; --buffer-sizes").find())
                .isFalse();
    }

    private static List<Path> sources(Module module) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("..", module.folder(), "src", "main"))) {
            return files.filter(file -> file.toString().matches(".*\\.(java|py)"))
                    .toList();
        }
    }
}
