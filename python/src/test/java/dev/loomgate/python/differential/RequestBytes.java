package dev.loomgate.python.differential;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What is sent for a scripted request.
///
/// @param head with the empty line that ends it
/// @param body framed as the head says
@SuppressWarnings("ArrayRecordComponent") // never compared
record RequestBytes(byte[] head, byte[] body) {
    private static final Pattern SUBSTITUTE = Pattern.compile("\\$\\{(pattern|repeat|cookie):([^:}]*)(?::([^}]*))?\\}");

    static RequestBytes of(ScriptedRequest request, String application, Map<String, String> cookies) {
        byte[] body = latin1(substituted(request.body(), cookies));
        StringBuilder head = new StringBuilder();
        head.append(request.method()).append(' ');
        head.append(substituted(request.target(), cookies)).append(' ').append(request.version());
        head.append("\r\nX-Application: ").append(application).append("\r\n");
        if (!request.has("no-host") && !request.hasField("Host")) {
            head.append("Host: localhost\r\n");
        }
        if (!request.has("keep") && !request.hasField("Connection")) {
            head.append("Connection: close\r\n");
        }
        if (!cookies.isEmpty() && !request.hasField("Cookie")) {
            head.append(cookies.entrySet().stream()
                    .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                    .collect(Collectors.joining("; ", "Cookie: ", "\r\n")));
        }
        for (String field : request.fields()) {
            head.append(substituted(field, cookies)).append("\r\n");
        }
        boolean framed = request.hasField("Content-Length") || request.hasField("Transfer-Encoding");
        if (body.length > 0 && !framed) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        for (String size : request.values("chunks")) {
            body = chunked(body, Integer.parseInt(size));
        }
        return new RequestBytes(latin1(head.append("\r\n").toString()), body);
    }

    private static String substituted(String text, Map<String, String> cookies) {
        return SUBSTITUTE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        switch (match.group(1)) {
                            case "pattern" -> pattern(Integer.parseInt(match.group(2)));
                            case "repeat" -> match.group(3).repeat(Integer.parseInt(match.group(2)));
                            default -> cookies.getOrDefault(match.group(2), "no-cookie");
                        }));
    }

    private static String pattern(int length) {
        StringBuilder pattern = new StringBuilder(length + 10);
        for (int i = 0; pattern.length() < length; i++) {
            pattern.append(String.format(Locale.ROOT, "%07x ", i));
        }
        return pattern.substring(0, length);
    }

    private static byte[] chunked(byte[] body, int size) {
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        for (int at = 0; at < body.length; at += size) {
            int length = Math.min(size, body.length - at);
            framed.writeBytes(latin1(Integer.toHexString(length) + "\r\n"));
            framed.write(body, at, length);
            framed.writeBytes(latin1("\r\n"));
        }
        framed.writeBytes(latin1("0\r\n\r\n"));
        return framed.toByteArray();
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
