package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.acme.AcmeSettings;
import dev.loomgate.cli.acme.AcmeSettings.Challenge;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.ValueType;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Certificates that the server gets by itself.
public final class AcmeOptions {
    private static final String LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";
    private static final Pattern NAME = Pattern.compile("(?i)([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)*[a-z0-9-]*[a-z0-9]");

    static final Option<List<String>> ACME = Option.values(ValueType.TEXT, "--acme")
            .label("DOMAIN")
            .separatedBy(",")
            .says(
                    "get a certificate for these names from an ACME authority, and renew it when two thirds of its time are"
                            + " over; that is to agree to the authority's terms");

    static final Option<String> ACME_EMAIL =
            Option.value(ValueType.TEXT, "--acme-email").label("ADDRESS").says("whom the authority may write to");

    static final Option<String> ACME_SERVER = Option.value(ValueType.TEXT, "--acme-server")
            .label("URL")
            .standardText("Let's Encrypt")
            .says("the authority's directory");

    static final Option<Path> ACME_STATE = Option.value(ValueType.PATH, "--acme-state")
            .label("DIRECTORY")
            .standardText("/var/lib/loomgate/acme, or ~/.local/state/loomgate/acme without root")
            .says("where account, keys and certificate are kept");

    static final Option<Challenge> ACME_CHALLENGE = Option.value(
                    ValueType.choice("KIND", Challenge.class), "--acme-challenge")
            .standard(Challenge.AUTO)
            .says("how the authority sees that the names are this server's: http_01 (port 80), tls_alpn_01 (port 443),"
                    + " auto (by TLS where --https has port 443)");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(ACME, ACME_EMAIL, ACME_SERVER, ACME_STATE, ACME_CHALLENGE);

    private AcmeOptions() {}

    /// What was asked for.
    ///
    /// @param directory that paths are relative to
    /// @throws IllegalArgumentException if a value makes no sense
    public static AcmeSettings settings(OptionValues values, Path directory) {
        for (String domain : values.of(ACME)) {
            if (!NAME.matcher(domain).matches()) {
                throw new IllegalArgumentException(
                        "%s '%s': it is no name of a host, such as shop.example.org; names with * need the DNS"
                                .formatted(ACME.longName(), domain));
            }
        }
        String server = values.given(ACME_SERVER).orElse(LETS_ENCRYPT);
        return new AcmeSettings(
                values.of(ACME),
                values.given(ACME_EMAIL),
                uri(server),
                directory.resolve(values.given(ACME_STATE).orElseGet(() -> state().resolve("acme"))),
                values.of(ACME_CHALLENGE));
    }

    private static URI uri(String server) {
        try {
            return URI.create(server);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s '%s' is no URL: %s".formatted(ACME_SERVER.longName(), server, e.getMessage()), e);
        }
    }

    /// Where the server keeps what it has made.
    static Path state() {
        if (System.getProperty("user.name").equals("root")) {
            return Path.of("/var/lib/loomgate");
        }
        String state = System.getenv("XDG_STATE_HOME");
        return Optional.ofNullable(state)
                .filter(text -> !text.isEmpty())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state"))
                .resolve("loomgate");
    }
}
