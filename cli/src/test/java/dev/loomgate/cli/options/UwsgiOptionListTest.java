package dev.loomgate.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.options.table.CommandOptions;
import dev.loomgate.cli.options.uwsgi.OptionClass;
import dev.loomgate.cli.options.uwsgi.UwsgiOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Every option of uWSGI's has one class, and is spelt as uWSGI spells it.
class UwsgiOptionListTest {
    private static final Path PAGE = Path.of("../docs/from-uwsgi.md");
    private static final String FROM = "<!-- written by the build from the table of options -->\n";
    private static final String TO = "<!-- end -->\n";
    private static final Pattern REAL = Pattern.compile("\\s+(-.\\|)?--([\\w-]+)\\s.*");
    private static final Pattern OURS = Pattern.compile("(?<![\\w-])--?[a-zA-Z][a-z-]*[a-z]");

    /// uWSGI's long names with what follows (nothing, `=` or `[=]`), from its sources: 2.0.30, and master of
    /// September 2025.
    private static Map<String, UwsgiOption.Takes> sources() throws IOException {
        Map<String, UwsgiOption.Takes> all = new TreeMap<>();
        try (InputStream text = UwsgiOptionListTest.class.getResourceAsStream("uwsgi-options.txt")) {
            String lines = new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
            lines.lines()
                    .forEach(line -> all.put(
                            "--" + line.replaceFirst("(\\[=]|=)$", ""),
                            line.endsWith("[=]")
                                    ? UwsgiOption.Takes.OPTIONAL
                                    : line.endsWith("=") ? UwsgiOption.Takes.VALUE : UwsgiOption.Takes.NOTHING));
        }
        return all;
    }

    private static Set<String> longNames() {
        return UwsgiOptionList.all().stream()
                .flatMap(option -> option.names().stream())
                .filter(name -> name.startsWith("--"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyOptionOfUwsgiIsThere() throws IOException {
        assertThat(longNames()).isEqualTo(sources().keySet());
        assertThat(sources()).hasSizeGreaterThan(1300);
    }

    @Test
    void noNameIsThereTwice() {
        assertThat(UwsgiOptionList.all().stream().flatMap(option -> option.names().stream()))
                .doesNotHaveDuplicates();
    }

    @Test
    void eachTakesWhatItTakesThere() throws IOException {
        Map<String, UwsgiOption.Takes> real = sources();
        assertThat(UwsgiOptionList.all()).allSatisfy(option -> assertThat(
                        option.names().stream().map(real::get).filter(Objects::nonNull))
                .as(option.toString())
                .containsOnly(option.takes()));
    }

    @Test
    void theRealOneHasNoOther() throws Exception {
        Set<String> real = new TreeSet<>();
        for (String plugins : List.of("python3,greenlet_python3,asyncio_python3,http", "cgi,fastrouter,carbon")) {
            Process uwsgi = new ProcessBuilder("uwsgi", "--plugins", plugins, "--help")
                    .redirectErrorStream(true)
                    .start();
            new String(uwsgi.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(REAL::matcher)
                    .filter(Matcher::matches)
                    .forEach(line -> {
                        real.add("--" + line.group(2));
                        if (line.group(1) != null) {
                            real.add(line.group(1).substring(0, 2));
                        }
                    });
        }

        assertThat(real).hasSizeGreaterThan(900).allSatisfy(name -> assertThat(UwsgiOptionList.find(name))
                .as(name)
                .isPresent());
    }

    /// A row with a name of uWSGI's says what it does there.
    @Test
    void aRowThatSaysNothingOfUwsgiHasNoNameOfIts() throws IOException {
        Set<String> real = sources().keySet();
        assertThat(Section.options(List.of(Section.values())))
                .allSatisfy(row -> assertThat(row.names().stream().anyMatch(real::contains))
                        .as(row.toString())
                        .isEqualTo(!row.inUwsgi().isEmpty()));
    }

    @Test
    void everyClassHasItsWords() {
        assertThat(UwsgiOptionList.all())
                .allSatisfy(option -> assertThat(option.words().isEmpty())
                        .as(option.toString())
                        .isEqualTo(option.optionClass() == OptionClass.SAME));
    }

    /// What to do instead is something that can be done.
    @Test
    void theWordsNameOptionsThatAreOffered() {
        CommandSpec command = CommandSpec.create();
        CommandOptions.addHelp(command);
        new SiteOptions().addTo(command);
        Set<String> offered = command.options().stream()
                .flatMap(option -> Arrays.stream(option.names()))
                .collect(Collectors.toSet());
        assertThat(UwsgiOptionList.all())
                .filteredOn(option -> option.optionClass() != OptionClass.DIFFERS)
                .allSatisfy(option -> assertThat(OURS.matcher(option.words().replace("python3 -m", ""))
                                .results()
                                .map(found -> found.group()))
                        .as(option.toString())
                        .isSubsetOf(offered));
    }

    @ParameterizedTest
    @ValueSource(strings = {"master", "--master", "-M"})
    void anOptionIsFoundByEachName(String name) {
        UwsgiOption master = UwsgiOptionList.find(name).orElseThrow();

        assertThat(master.names()).containsExactly("--master", "-M");
        assertThat(master.takes()).isEqualTo(UwsgiOption.Takes.NOTHING);
        assertThat(master.optionClass()).isEqualTo(OptionClass.NEEDLESS);
    }

    @Test
    void theClassOfWhatIsOfferedIsTheRows() {
        assertThat(UwsgiOptionList.find("processes").orElseThrow().optionClass())
                .isEqualTo(OptionClass.SAME);
        assertThat(UwsgiOptionList.find("http"))
                .get()
                .extracting(UwsgiOption::optionClass, UwsgiOption::words, UwsgiOption::purpose)
                .containsExactly(OptionClass.DIFFERS, "without a router process", "Where to listen");
        assertThat(UwsgiOptionList.find("max-uri")).isEmpty();
        assertThat(UwsgiOptionList.find("harakari")).isEmpty();
    }

    @Test
    void whatIsNeedlessIsAcceptedAsOftenAsItIsGiven() {
        CommandSpec command = CommandSpec.create();

        String[] all = UwsgiOptionList.names().toArray(String[]::new);

        assertThat(UwsgiOptionList.addNeedlessTo(command, all)).isTrue();
        assertThat(UwsgiOptionList.addNeedlessTo(command, all)).isFalse();
        assertThat(command.options()).hasSizeGreaterThan(50);
        for (OptionSpec option : List.copyOf(command.options())) {
            for (String name : option.names()) {
                Stream<String> once = option.arity().max() > 0 ? Stream.of(name, "x") : Stream.of(name);
                List<String> args = once.toList();
                new CommandLine(command)
                        .parseArgs(Stream.of(args, args).flatMap(List::stream).toArray(String[]::new));
            }
        }
    }

    @Test
    void whatIsNeedlessIsAddedWhereItIsNamed() {
        CommandSpec command = CommandSpec.create();

        assertThat(UwsgiOptionList.addNeedlessTo(command, "--masters", "--processes", "-p4", "--emperor"))
                .isFalse();
        assertThat(UwsgiOptionList.addNeedlessTo(command, "-TMp4", "--plugin=python3", "--vacuum"))
                .isTrue();
        assertThat(command.options().stream().map(option -> option.longestName()))
                .containsExactlyInAnyOrder("--master", "--enable-threads", "--vacuum", "--plugins");
    }

    /// Writes the page's tables, so that after a change they only have to be committed.
    @Test
    void thePageHasAllOfThem() throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf(FROM) + FROM.length();
        int to = page.indexOf(TO);
        String written = page.substring(0, from) + "\n" + FromUwsgiDocument.markdown() + "\n" + page.substring(to);

        if (!page.equals(written)) {
            Files.writeString(PAGE, written);
        }

        assertThat(page)
                .as("docs/from-uwsgi.md was out of date and is rewritten: look at it and commit it")
                .isEqualTo(written);
    }
}
