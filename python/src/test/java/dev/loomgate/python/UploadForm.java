package dev.loomgate.python;

/// The body of a form with a name, `cup`, and a file, `a.txt`, as a browser sends it.
final class UploadForm {
    private static final String BOUNDARY = "a-part-ends-here";

    static final String CONTENT_TYPE = "multipart/form-data; boundary=" + BOUNDARY;

    private UploadForm() {}

    /// With that content of the file.
    static String of(String content) {
        return """
                --%1$s
                Content-Disposition: form-data; name="name"

                cup
                --%1$s
                Content-Disposition: form-data; name="file"; filename="a.txt"
                Content-Type: text/plain

                %2$s
                --%1$s--
                """.formatted(BOUNDARY, content).replace("\n", "\r\n");
    }
}
