package dev.loomgate.toolkit.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A form as browsers send it with files (HTML standard, section 4.10.21.8).
final class MultipartBody {
    // Of what a test sends, nothing has this by accident.
    private static final String BOUNDARY = "----LoomgateTestClient7MA4YWxkTrZu0gW";

    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

    MultipartBody field(String name, String value) {
        return part("name=\"" + escape(name) + "\"", value.getBytes(StandardCharsets.UTF_8));
    }

    MultipartBody file(String name, String filename, String contentType, byte[] content) {
        String head = "name=\"%s\"; filename=\"%s\"\r\nContent-Type: %s"
                .formatted(escape(name), escape(filename), contentType);
        return part(head, content);
    }

    private MultipartBody part(String head, byte[] content) {
        write("--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + head + "\r\n\r\n");
        parts.writeBytes(content);
        write("\r\n");
        return this;
    }

    private void write(String text) {
        parts.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String escape(String name) {
        return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }

    byte[] bytes() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(parts.toByteArray());
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    String contentType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }
}
