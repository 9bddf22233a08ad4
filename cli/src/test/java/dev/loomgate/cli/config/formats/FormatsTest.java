package dev.loomgate.cli.config.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FormatsTest {
    private static List<String> entries(FileFormat format, String text, String... section) {
        return format.reader().read(text, section.length == 0 ? "uwsgi" : section[0]).entries().stream()
                .map(entry -> entry.line() + ": " + entry.key() + " = " + entry.value())
                .toList();
    }

    @Test
    void iniHasAKeyALine() {
        assertThat(entries(FileFormat.INI, """
                        before = 1
                        [uwsgi]
                        ; comment
                        # comment
                          processes\t=  4 ; four\s\s
                        master
                        url = a=b
                        = empty

                        [other]
                        no = 1
                        [uwsgi]
                        last = "x"\r
                        """))
                .containsExactly(
                        "5: processes = 4 ; four", "6: master = ", "7: url = a=b", "8:  = empty", "13: last = \"x\"");
    }

    @Test
    void iniNamesItsSections() {
        SectionText text = FileFormat.INI.reader().read("[a]\nx=1\n[b]\n[a]\n", "uwsgi");

        assertThat(text.found()).isFalse();
        assertThat(text.sections()).containsExactly("a", "b");
    }

    @Test
    void yamlHasTextsAndLists() {
        assertThat(entries(FileFormat.YAML, """
                        other:
                          no: 1
                        uwsgi:
                          processes: 4 # four
                          master: true
                          env: [A=1, 'B c']
                          mount:
                            - /a=x
                            - "/b=%(y)"
                          empty:
                          nothing: ~
                        third:
                          no: 2
                        """))
                .containsExactly(
                        "4: processes = 4",
                        "5: master = true",
                        "6: env = A=1",
                        "6: env = B c",
                        "8: mount = /a=x",
                        "9: mount = /b=%(y)",
                        "11: nothing = ~");
    }

    @Test
    void yamlThatIsMoreThanTextsIsRemarkedOn() {
        SectionText text = FileFormat.YAML.reader().read("uwsgi:\n  a: 1\n  b: &x 2\n  c: 3\n", "uwsgi");

        assertThat(text.entries()).hasSize(1);
        assertThat(text.remarks())
                .containsExactly(new SectionText.Remark(
                        3, "nothing is read from here on: only plain texts and lists of them are understood"));
    }

    @Test
    void jsonHasNumbersAsTheyAreWritten() {
        assertThat(entries(FileFormat.JSON, """
                        {"other": {"no": 1},
                         "uwsgi": {
                          "a": 1.50, "b": "x\\u00e9", /* comment */
                          "c": [1, true, null, [2]],
                          "d": {"e": 1}, "f": false}}
                        """))
                .containsExactly("3: a = 1.50", "3: b = x\u00e9", "4: c = 1", "4: c = 1", "4: c = 0", "5: f = 0");
    }

    @Test
    void xmlHasAnElementForAnOption() {
        assertThat(entries(FileFormat.XML, """
                        <?xml version="1.0"?>
                        <uwsgi>
                          <processes> 4 </processes>
                          <master/>
                          <module>a&amp;b</module>
                          <app mountpoint="/x">shop.wsgi</app>
                          <![CDATA[code]]>
                          <id id="other">no</id>
                        </uwsgi>
                        """))
                .containsExactly(
                        "3: processes =  4 ",
                        "4: master = 1",
                        "5: module = a&b",
                        "6: mount = /x=shop.wsgi",
                        "6: app = ",
                        "7: eval = code");
    }

    @Test
    void xmlHasSectionsById() {
        String text = "<all><uwsgi id='a'><k>1</k></uwsgi><uwsgi id='b'><k>2</k></uwsgi></all>";

        assertThat(entries(FileFormat.XML, text, "b")).containsExactly("1: k = 2");
    }

    @Test
    void xmlReadsNoDtd() {
        assertThatThrownBy(() -> entries(FileFormat.XML, "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>\n<uwsgi/>"))
                .isInstanceOf(WrongText.class)
                .hasMessage("a document with a DTD isn't read");
    }

    @Test
    void aMistakeHasItsLine() {
        assertThatThrownBy(() -> entries(FileFormat.INI, "a\n[uwsgi] ; x\n"))
                .isInstanceOfSatisfying(
                        WrongText.class, e -> assertThat(e.line()).isEqualTo(2))
                .hasMessageStartingWith("after [uwsgi] nothing may follow");
        assertThatThrownBy(() -> entries(FileFormat.INI, "\uFEFF[uwsgi]\n"))
                .isInstanceOf(WrongText.class)
                .hasMessageContaining("byte order mark");
        assertThatThrownBy(() -> entries(FileFormat.YAML, "uwsgi:\n  a: %(b)\n"))
                .isInstanceOfSatisfying(
                        WrongText.class, e -> assertThat(e.line()).isEqualTo(2))
                .hasMessageContaining("needs quotes");
        assertThatThrownBy(() -> entries(FileFormat.JSON, "{\"uwsgi\": {\n\"a\": 1,}}"))
                .isInstanceOfSatisfying(
                        WrongText.class, e -> assertThat(e.line()).isEqualTo(2));
        assertThatThrownBy(() -> entries(FileFormat.XML, "<uwsgi>\n<a>1</b></uwsgi>"))
                .isInstanceOfSatisfying(
                        WrongText.class, e -> assertThat(e.line()).isEqualTo(2));
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyFileHasNoSection(FileFormat format) {
        if (format == FileFormat.XML) {
            assertThatThrownBy(() -> format.reader().read("", null)).isInstanceOf(WrongText.class);
        } else {
            assertThat(format.reader().read("", "uwsgi").found()).isFalse();
        }
    }

    @Test
    void theNameTellsTheForm() {
        assertThat(FileFormat.of("/etc/site.ini")).contains(FileFormat.INI);
        assertThat(FileFormat.of("site.yml")).contains(FileFormat.YAML);
        assertThat(FileFormat.of("site.js")).contains(FileFormat.JSON);
        assertThat(FileFormat.of("site.py")).isEmpty();
    }
}
