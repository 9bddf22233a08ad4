package dev.loomgate.toolkit.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A record of what an operator says.
class SettingsTest {
    private static final String HIDDEN = "hush-hush";

    @TempDir
    private Path directory;

    enum Mode {
        FAST,
        SAFE
    }

    record Shop(int maxOrders, Secret databasePassword) {}

    record All(
            URI database,
            Path pictures,
            Mode mode,
            Duration patience,
            List<String> clerks,
            Optional<Secret> key,
            @Nullable Long limit,
            boolean verbose) {}

    record Port(int port) {
        Port {
            if (port > 65535) {
                throw new IllegalArgumentException("port is " + port + ", over 65535");
            }
        }
    }

    record Words(List<String> words) {}

    private static Settings shop(String... variables) {
        return Settings.of("SHOP").withEnvironment(pairs(variables));
    }

    private static Map<String, String> pairs(String... texts) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < texts.length; i += 2) {
            pairs.put(texts[i], texts[i + 1]);
        }
        return pairs;
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static List<String> wrong(Settings settings, Class<? extends Record> type) {
        return catchThrowableOfType(WrongSettings.class, () -> settings.read(type))
                .lines();
    }

    @Test
    void variablesBecomeARecord() {
        All all = shop(
                        "SHOP_DATABASE", "jdbc:postgresql://db/shop",
                        "SHOP_PICTURES", "/var/lib/shop",
                        "SHOP_MODE", "safe",
                        "SHOP_PATIENCE", "PT5S",
                        "SHOP_CLERKS", "Ann, Bob,",
                        "SHOP_KEY", HIDDEN,
                        "SHOP_LIMIT", "7",
                        "SHOP_VERBOSE", "yes")
                .read(All.class);

        assertThat(all.database()).isEqualTo(URI.create("jdbc:postgresql://db/shop"));
        assertThat(all.pictures()).isEqualTo(Path.of("/var/lib/shop"));
        assertThat(all.mode()).isEqualTo(Mode.SAFE);
        assertThat(all.patience()).isEqualTo(Duration.ofSeconds(5));
        assertThat(all.clerks()).containsExactly("Ann", "Bob");
        assertThat(all.key().orElseThrow().value()).isEqualTo(HIDDEN);
        assertThat(all.limit()).isEqualTo(7);
        assertThat(all.verbose()).isTrue();
    }

    @Test
    void whatMayBeLeftOutMayBeLeftOut() {
        All all = shop("SHOP_DATABASE", "a:b", "SHOP_PICTURES", "p", "SHOP_MODE", "FAST", "SHOP_PATIENCE", "PT1S")
                .read(All.class);

        assertThat(all.clerks()).isEmpty();
        assertThat(all.key()).isEmpty();
        assertThat(all.limit()).isNull();
        assertThat(all.verbose()).isFalse();
    }

    @Test
    void argumentsSayMoreThanTheEnvironmentThatThanFilesAndThoseThanDefaults() throws IOException {
        Settings settings = Settings.of("SHOP").withEnvironment(Map.of()).withDefault("port", "1");
        assertThat(settings.read(Port.class).port()).isEqualTo(1);

        settings = settings.withFile(file("first", "port = 2\n"));
        assertThat(settings.read(Port.class).port()).isEqualTo(2);

        settings = settings.withFile(file("second", "# of this machine\nport: 3\n"));
        assertThat(settings.read(Port.class).port()).isEqualTo(3);

        file("port", "4\n");
        settings = settings.withEnvironment(Map.of("CREDENTIALS_DIRECTORY", directory.toString()));
        assertThat(settings.read(Port.class).port()).isEqualTo(4);

        settings = settings.withEnvironment(Map.of("CREDENTIALS_DIRECTORY", directory.toString(), "SHOP_PORT", "5"));
        assertThat(settings.read(Port.class).port()).isEqualTo(5);

        settings = settings.withArguments("--port", "6");
        assertThat(settings.read(Port.class).port()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {HIDDEN, HIDDEN + "\n", HIDDEN + "\r\n"})
    void aSecretComesFromTheFileThatAVariableNames(String text) throws IOException {
        Path file = file("password", text);

        Shop shop = shop("SHOP_MAX_ORDERS", "1", "SHOP_DATABASE_PASSWORD_FILE", file.toString())
                .read(Shop.class);

        assertThat(shop.databasePassword().value()).isEqualTo(HIDDEN);
    }

    @Test
    void blanksAndFurtherLineBreaksAreThePasswords() throws IOException {
        Path file = file("password", " a \n\n");

        assertThat(shop("SHOP_MAX_ORDERS", "1", "SHOP_DATABASE_PASSWORD_FILE", file.toString())
                        .read(Shop.class)
                        .databasePassword()
                        .value())
                .isEqualTo(" a \n");
    }

    @Test
    void aSecretComesFromTheServicesCredentials() throws IOException {
        file("database-password", HIDDEN + "\n");

        Shop shop = shop("SHOP_MAX_ORDERS", "1", "CREDENTIALS_DIRECTORY", directory.toString())
                .read(Shop.class);

        assertThat(shop.databasePassword().value()).isEqualTo(HIDDEN);
    }

    @Test
    void aSecretShowsItselfNowhere() {
        Shop shop =
                shop("SHOP_MAX_ORDERS", "1", "SHOP_DATABASE_PASSWORD", HIDDEN).read(Shop.class);

        assertThat(shop).hasToString("Shop[maxOrders=1, databasePassword=Secret]");
    }

    @Test
    void argumentsAreWrittenInEachUsualWay() {
        All all = shop("SHOP_CLERKS", "nobody")
                .withArguments(
                        "--database=jdbc:a=b",
                        "--verbose",
                        "--pictures",
                        "p",
                        "--mode=fast",
                        "--clerks",
                        "Ann",
                        "--clerks=Bob,Cid",
                        "--limit",
                        "-1",
                        "--patience=PT1M")
                .read(All.class);

        assertThat(all.database()).hasToString("jdbc:a=b");
        assertThat(all.verbose()).isTrue();
        assertThat(all.clerks()).containsExactly("Ann", "Bob", "Cid");
        assertThat(all.limit()).isEqualTo(-1);
        assertThat(shop().withArguments("--verbose=no", "--verbose=no").withDefault("database", "a:b"))
                .satisfies(settings -> assertThat(wrong(settings, All.class))
                        .contains("argument --verbose is there 2 times, and must be there once"));
    }

    @Test
    void aListInAFileOfItsOwnHasALineForEachElement() throws IOException {
        Path file = file("words", "to be, or not\r\n\nto be\n");

        assertThat(shop("SHOP_WORDS_FILE", file.toString()).read(Words.class).words())
                .containsExactly("to be, or not", "to be");
    }

    @Test
    void allThatIsWrongIsToldAtOnceByItsPlace() throws IOException {
        Path file = file("shop.properties", "patience = 5\nmood = good\n");

        assertThat(wrong(
                        shop("SHOP_MODE", "slow", "SHOP_PICTURES", "p", "SHOP_VERBOSE", "perhaps")
                                .withFile(file)
                                .withArguments("--limit=many"),
                        All.class))
                .containsExactly(
                        "\"mood\" in " + file + " is unknown: the settings are"
                                + " database, pictures, mode, patience, clerks, key, limit, verbose",
                        "database has no value: give one of --database, SHOP_DATABASE, SHOP_DATABASE_FILE, database in "
                                + file,
                        "environment variable SHOP_MODE must be one of FAST, SAFE, not \"slow\"",
                        "patience in " + file + " must be a duration such as PT1H30M, not \"5\"",
                        "argument --limit must be a whole number from -9223372036854775808 to 9223372036854775807,"
                                + " not \"many\"",
                        "environment variable SHOP_VERBOSE must be true or false, not \"perhaps\"");
    }

    @Test
    void whatAFileOfItsOwnHasIsNotShown() throws IOException {
        Path file = file("number", HIDDEN);

        assertThat(wrong(shop("SHOP_PORT_FILE", file.toString()), Port.class))
                .containsExactly("file \"" + file + "\" of environment variable SHOP_PORT_FILE must be"
                        + " a whole number from -2147483648 to 2147483647");
    }

    @Test
    void noMessageHasASecret() throws IOException {
        Path file = file("shop.properties", "database-password = " + HIDDEN + "\ndatabase-password = " + HIDDEN + "\n");

        List<List<String>> all = new ArrayList<>();
        all.add(wrong(shop().withArguments("--database-password", HIDDEN), Shop.class));
        all.add(wrong(shop().withArguments("--databse-password=" + HIDDEN), Shop.class));
        all.add(wrong(shop().withArguments("--databse-password", HIDDEN), Shop.class));
        all.add(wrong(shop().withArguments(HIDDEN), Shop.class));
        all.add(wrong(shop().withFile(file), Shop.class));
        all.add(wrong(shop("SHOP_DATABASE_PASSWORD", HIDDEN, "SHOP_DATABASE_PASSWORD_FILE", "x"), Shop.class));

        assertThat(all).allSatisfy(lines -> assertThat(lines).isNotEmpty().noneMatch(line -> line.contains(HIDDEN)));
        assertThat(all.getFirst())
                .contains("argument --database-password would be seen by everybody on the machine:"
                        + " a secret comes by environment or file");
        assertThat(all.get(1)).contains("argument \"--databse-password\" is unknown: the settings are --max-orders");
        assertThat(all.get(3)).contains("an argument has no name in front of it: the settings are --max-orders");
        assertThat(all.get(4)).contains("database-password in " + file + " is there twice");
        assertThat(all.get(5))
                .contains("environment variables SHOP_DATABASE_PASSWORD and SHOP_DATABASE_PASSWORD_FILE are both there:"
                        + " keep one");
    }

    @Test
    void anArgumentWithoutItsValueIsTold() {
        assertThat(wrong(shop().withArguments("--port"), Port.class))
                .containsExactly("argument --port has no value: --port VALUE or --port=VALUE");
        assertThat(wrong(shop().withArguments("--port", "--verbose"), Port.class))
                .startsWith("argument --port has no value: --port VALUE or --port=VALUE");
    }

    @Test
    void filesThatCanNotBeReadAreTold() throws IOException {
        Path missing = directory.resolve("missing");
        Path bytes = Files.write(directory.resolve("bytes"), new byte[] {(byte) 0xff});

        assertThat(wrong(shop("SHOP_PORT_FILE", missing.toString()), Port.class))
                .containsExactly("file \"" + missing + "\" of environment variable SHOP_PORT_FILE is missing");
        assertThat(wrong(shop("SHOP_PORT_FILE", directory.toString()), Port.class))
                .singleElement()
                .asString()
                .startsWith("file \"" + directory + "\" of environment variable SHOP_PORT_FILE can't be read: ");
        assertThat(wrong(shop("SHOP_PORT", "1").withFile(missing), Port.class))
                .containsExactly("file " + missing + " is missing");
        assertThat(wrong(shop("SHOP_PORT", "1").withFile(bytes), Port.class))
                .containsExactly("file " + bytes + " has bytes that aren't UTF-8");
        assertThat(wrong(shop("SHOP_PORT", "1").withFile(file("escape", "port = \\u00g1\n")), Port.class))
                .containsExactly("file " + directory.resolve("escape") + " has a \\u without four hexadecimal digits");
        assertThat(shop("SHOP_PORT", "1")
                        .withFileIfThere(missing)
                        .read(Port.class)
                        .port())
                .isEqualTo(1);
    }

    @Test
    void whatTheRecordRefusesIsToldInItsWords() {
        assertThat(wrong(shop("SHOP_PORT", "65536"), Port.class)).containsExactly("port is 65536, over 65535");
    }

    record Nested(Port port) {}

    record Twice(Path key, Path keyFile) {}

    @Test
    void settingsThatCanNotBeAreTheProgramsFault() {
        assertThatThrownBy(() -> Settings.of("shop"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"shop\" is no prefix of environment variables, as SHOP is");
        assertThatThrownBy(() -> shop().read(Nested.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("Nested has components that no text can be: port");
        assertThatThrownBy(() -> shop().read(Twice.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("Twice has two components for SHOP_KEY_FILE");
        assertThatThrownBy(() -> shop().withDefault("prot", "1").read(Port.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is a default for prot, which the record doesn't have: it has port");
    }

    @Test
    void aProgramGetsTheArgumentsThatAreNoSettings() throws Exception {
        List<Object> got = new ArrayList<>();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();

        int status = shop().withArguments("--http", ":8000", "--port=1", "-x", "--", "--port=2")
                .run(
                        Port.class,
                        (port, rest) -> {
                            got.add(port);
                            got.addAll(List.of(rest));
                        },
                        new PrintStream(errors, true, StandardCharsets.UTF_8));

        assertThat(status).isZero();
        assertThat(got).containsExactly(new Port(1), "--http", ":8000", "-x", "--port=2");
        assertThat(errors.size()).isZero();
    }

    /// A program of its own.
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws Exception {
            Settings.of("SHOP").withArguments(args).run(Shop.class, (shop, _) -> System.out.println(shop));
        }
    }

    @Test
    @Timeout(60)
    void aProgramWithWrongSettingsEndsWithStatusTwoAndALineForEach() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                "--max-orders=many");
        builder.environment().put("SHOP_DATABASE_PASSWORD", HIDDEN);
        Process process = builder.redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(2);
            assertThat(said)
                    .isEqualTo("argument --max-orders must be a whole number from -2147483648 to 2147483647,"
                            + " not \"many\"\n");
        } finally {
            process.destroyForcibly();
        }
    }
}
