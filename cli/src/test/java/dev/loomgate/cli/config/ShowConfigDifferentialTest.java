package dev.loomgate.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.config.entries.WrongConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What we read in a configuration is what the real uWSGI shows with `--show-config`, text by text.
///
/// `-Dloomgate.test.files=10000` compares more of the generated files, `-Dloomgate.test.seed=1` begins at another one.
class ShowConfigDifferentialTest {
    private static final int FILES = Integer.getInteger("loomgate.test.files", 300);
    private static final long SEED = Long.getLong("loomgate.test.seed", 0);
    private static final Path WRITTEN = Path.of("src/test/resources/dev/loomgate/cli/config/sites");
    private static final int PROCESSES = 3;
    private static final Pattern NO_TEXT = Pattern.compile("[\\x01-\\x08\\x0E-\\x1F\uFFFD]");

    private static Set<String> options = Set.of();

    @TempDir
    private Path directory;

    @BeforeAll
    static void askForOptions() throws IOException {
        options = RealUwsgi.options();
        assertThat(options).hasSizeGreaterThan(600);
    }

    private record Outcome(String site, Optional<String> theirs, Optional<String> ours, String why) {
        // Of a character of several bytes in the place of a magic letter, uWSGI takes the first byte for the letter and
        // gives
        // the others on, which are no character. Behind a % at the file's end it gives what is in memory.
        boolean isSame() {
            return theirs.equals(ours)
                    || theirs.map(text -> NO_TEXT.matcher(text).replaceAll("")).equals(ours);
        }
    }

    private static Outcome compared(Path directory, Map<String, String> environment, List<String> given) {
        // First, since a block that isn't ended goes on after its file.
        List<String> args = new ArrayList<>(List.of("--no-server", "--show-config"));
        List<String> entries = new ArrayList<>(List.of("no-server", "(none)", "show-config", "(none)"));
        entries.addAll(given);
        for (int i = 0; i < given.size(); i += 2) {
            args.add("--" + given.get(i));
            if (!given.get(i + 1).equals("(none)")) {
                args.add(given.get(i + 1));
            }
        }
        Reading reading = new Reading(
                options,
                new Surroundings(environment, directory, InputStream.nullInputStream(), false, "2.0.21-debian"));
        // Ours first, since uWSGI writes pidfile2 even then, over the file itself where that is its name.
        Optional<String> ours = Optional.empty();
        String why = "";
        try {
            ours = Optional.of(reading.read(entries.toArray(String[]::new)).shown());
        } catch (WrongConfiguration e) {
            why = String.valueOf(e.getMessage());
        }
        Optional<String> theirs = RealUwsgi.shown(directory, environment, args.toArray(String[]::new));
        return new Outcome(directory.toString(), theirs, ours, why);
    }

    @Test
    void generatedFilesAreReadAsUwsgiReadsThem() throws Exception {
        List<Callable<Outcome>> tasks = new ArrayList<>();
        Path real = directory.toRealPath();
        for (long seed = SEED; seed < SEED + FILES; seed++) {
            long each = seed;
            tasks.add(() -> {
                Path place = Files.createDirectory(real.resolve("site-" + each));
                return compared(place, GeneratedSite.ENVIRONMENT, commandLine(GeneratedSite.write(each, place)));
            });
        }
        List<Outcome> others = new ArrayList<>();
        int read = 0;
        try (ExecutorService processes = Executors.newFixedThreadPool(PROCESSES)) {
            for (Future<Outcome> each : processes.invokeAll(tasks)) {
                Outcome outcome = each.get();
                read += outcome.ours().isPresent() ? 1 : 0;
                if (!outcome.isSame()
                        && Difference.of(outcome.theirs(), outcome.why()).isEmpty()) {
                    others.add(outcome);
                }
            }
        }
        assertThat(others).isEmpty();
        assertThat(read).as("configurations that can be read").isGreaterThan(FILES * 2 / 3);
    }

    /// Names that aren't options can be given by `--set` alone there.
    private static List<String> commandLine(List<String> given) {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < given.size(); i += 2) {
            boolean isOption = options.contains(given.get(i));
            entries.add(isOption ? given.get(i) : "set");
            entries.add(isOption ? given.get(i + 1) : given.get(i) + "=" + given.get(i + 1));
        }
        return entries;
    }

    static Stream<Path> writtenSites() throws IOException {
        try (Stream<Path> files = Files.list(WRITTEN)) {
            return files
                    .filter(file -> !String.valueOf(file.getFileName()).startsWith("part"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("writtenSites")
    void writtenFilesAreReadAsUwsgiReadsThem(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        Map<String, String> environment = Map.of("PATH", "/usr/bin:/bin", "PORT", "8080", "DJANGO_ENV", "prod");

        Outcome outcome =
                compared(WRITTEN.toRealPath(), environment, List.of(name.substring(name.lastIndexOf('.') + 1), name));

        assertThat(outcome.ours()).as(outcome.why()).isEqualTo(outcome.theirs());
        assertThat(outcome.theirs()).isPresent();
    }
}
