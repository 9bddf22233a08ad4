package dev.loomgate.toolkit.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.fuzz.FuzzInput;
import dev.loomgate.testkit.fuzz.FuzzTarget;
import dev.loomgate.testkit.fuzz.Fuzzing;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// URLs of any characters: their pieces are those of the JDK's parser, where it takes them; their ASCII form is
/// ASCII and stays as it is; what is percent-encoded is decoded by the JDK as it was; a host is one, or none.
@Tag("once")
final class UrlFuzzTest implements FuzzTarget {
    private static final String HOST = "([A-Za-z0-9.-]+|\\[[A-Fa-f0-9:.]+])(:[0-9]{1,5})?";

    @Test
    void holdsForAnyBytes() throws Exception {
        Fuzzing.run(this);
    }

    @Override
    public boolean check(FuzzInput input) {
        String text = new String(input.bytes(), StandardCharsets.UTF_8);
        String uri = Iri.toUri(text);
        assertThat(uri.chars()).allMatch(c -> c < 0x80);
        assertThat(Iri.toUri(uri)).isEqualToIgnoringCase(uri); // of a host that is quoted, the digits' case changes
        Iri.toIri(text);
        Iri.toIri(uri);
        for (Ascii safe : List.of(Percent.PATH, Percent.COOKIE_PATH, Percent.QUERY_VALUE)) {
            String quoted = Percent.quote(text, safe);
            assertThat(quoted).matches("[!-~]*");
            if (!safe.contains('%') && !safe.contains('+')) {
                assertThat(URLDecoder.decode(quoted, StandardCharsets.UTF_8)).isEqualTo(text);
            }
        }
        checkHost(text);
        return checkPieces(text);
    }

    private static void checkHost(String text) {
        for (String scheme : List.of("http", "https", "ftp")) {
            String host = HostHeader.of(scheme, text);
            assertThat(host).matches("(" + HOST + ")?");
            assertThat(text).startsWith(host);
            HostHeader.isTrusted(host, List.of("example.org", ".example.com", "[::1]"));
        }
    }

    private static boolean checkPieces(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            SplitUrl.of(text).join();
            return false;
        }
        SplitUrl split = SplitUrl.of(text);
        if (!uri.isOpaque()) {
            assertThat(split.scheme()).isEqualToIgnoringCase(orEmpty(uri.getScheme()));
            assertThat(split.authority()).isEqualTo(orEmpty(uri.getRawAuthority()));
            assertThat(split.path()).isEqualTo(uri.getRawPath());
            assertThat(split.query()).isEqualTo(orEmpty(uri.getRawQuery()));
        }
        assertThat(split.fragment()).isEqualTo(orEmpty(uri.getRawFragment()));
        return true;
    }

    private static String orEmpty(@Nullable String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
