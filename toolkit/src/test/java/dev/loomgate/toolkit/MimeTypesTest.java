package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MimeTypesTest {
    @ParameterizedTest
    @CsvSource({
        "a.html,          text/html; charset=utf-8",
        "a.htm,           text/html; charset=utf-8",
        "A.HTML,          text/html; charset=utf-8",
        "a.b.c.html,      text/html; charset=utf-8",
        ".a.html,         text/html; charset=utf-8",
        "dir.d/a.css,     text/css; charset=utf-8",
        "a.min.js,        text/javascript; charset=utf-8",
        "a.mjs,           text/javascript; charset=utf-8",
        "a.cjs,           text/javascript; charset=utf-8",
        "a.xml,           text/xml; charset=utf-8",
        "a.svg,           image/svg+xml; charset=utf-8",
        "a.xhtml,         application/xhtml+xml; charset=utf-8",
        "a.atom,          application/atom+xml; charset=utf-8",
        "a.csv,           text/csv; charset=utf-8",
        "a.vcf,           text/vcard; charset=utf-8",
        "a.json,          application/json",
        "a.map,           application/json",
        "a.jsonld,        application/ld+json",
        "a.webmanifest,   application/manifest+json",
        "a.wasm,          application/wasm",
        "a.tar.gz,        application/gzip",
        "a.tgz,           application/gzip",
        "a.ico,           image/vnd.microsoft.icon",
        "a.JPG,           image/jpeg",
        "a.avif,          image/avif",
        "a.heic,          image/heic",
        "a.jxl,           image/jxl",
        "a.mp4,           video/mp4",
        "a.m4a,           audio/mp4",
        "a.mp3,           audio/mpeg",
        "a.ogg,           audio/ogg",
        "a.wav,           audio/wav",
        "a.flac,          audio/flac",
        "a.ts,            video/mp2t",
        "a.m3u8,          application/vnd.apple.mpegurl",
        "a.ttf,           font/ttf",
        "a.woff2,         font/woff2",
        "a.yaml,          application/yaml",
        "a.epub,          application/epub+zip",
        "a.docx,          application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "a.7z,            application/x-7z-compressed",
        "a.exe,           application/octet-stream"
    })
    void anEndingStandsForAType(String name, String type) {
        assertThat(MimeTypes.contentType(MimeTypes.ofFile(name))).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "html",
                "js",
                "README",
                ".html",
                "dir.d/.html",
                "a.",
                "a.html.",
                "dir.html/a",
                "a.unknown",
                "."
            })
    void aNameWithoutAnEndingStandsForNone(String name) {
        assertThat(MimeTypes.ofFile(name)).isEqualTo("application/octet-stream");
    }
}
