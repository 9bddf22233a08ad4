package dev.loomgate.toolkit.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IriTest {
    @Test
    void uriIsAsciiWhateverStandsInBrackets() {
        assertThat(Iri.toUri("http://[::\u00c6]:8/")).isEqualTo("http://[::%C3%A6]:8/");
        assertThat(Iri.toUri("http://[::1%25eth0]:8/\u00e4")).isEqualTo("http://[::1%25eth0]:8/%C3%A4");
        assertThat(Iri.toUri("http://[::1 x]/")).isEqualTo("http://[::1%20x]/");
    }

    @Test
    void pathWithTwoSlashesDoesNotBecomeAnAuthority() {
        assertThat(Iri.toUri("////example.com/")).isEqualTo("////example.com/");
        assertThat(Iri.toUri("http:////example.com/")).isEqualTo("http:////example.com/");
        assertThat(Iri.toIri("a:////b")).isEqualTo("a:////b");
        assertThat(Iri.toUri("//example.com//x")).isEqualTo("//example.com//x");
    }
}
