package dev.loomgate.toolkit;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Which types are text, and which type a file's name stands for.
public final class MimeTypes {
    static final String TEXT = "text/plain; charset=utf-8";
    static final String BYTES = "application/octet-stream";

    private static final Set<String> WITH_CHARSET = Set.of(
            "application/ecmascript",
            "application/javascript",
            "application/sql",
            "application/xml",
            "application/xml-dtd",
            "application/xml-external-parsed-entity");

    private static final Map<String, String> BY_EXTENSION = Map.ofEntries(
            Map.entry("avif", "image/avif"),
            Map.entry("css", "text/css"),
            Map.entry("csv", "text/csv"),
            Map.entry("gif", "image/gif"),
            Map.entry("gz", "application/gzip"),
            Map.entry("htm", "text/html"),
            Map.entry("html", "text/html"),
            Map.entry("ico", "image/vnd.microsoft.icon"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("js", "text/javascript"),
            Map.entry("json", "application/json"),
            Map.entry("md", "text/markdown"),
            Map.entry("mjs", "text/javascript"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("png", "image/png"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("txt", "text/plain"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("webm", "video/webm"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff", "font/woff"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("xml", "text/xml"),
            Map.entry("zip", "application/zip"));

    private MimeTypes() {}

    /// The value of Content-Type for a type: text gets its charset named, UTF-8.
    public static String contentType(String mimetype) {
        boolean text = mimetype.startsWith("text/") || mimetype.endsWith("+xml") || WITH_CHARSET.contains(mimetype);
        return text ? mimetype + "; charset=utf-8" : mimetype;
    }

    /// The type that a file's name stands for, by what is after its last dot; `application/octet-stream` for
    /// others.
    public static String ofFile(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return BY_EXTENSION.getOrDefault(extension, BYTES);
    }

    static boolean isJson(String mimetype) {
        return mimetype.equals("application/json")
                || (mimetype.startsWith("application/") && mimetype.endsWith("+json"));
    }
}
