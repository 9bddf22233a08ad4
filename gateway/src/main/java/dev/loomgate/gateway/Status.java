package dev.loomgate.gateway;

/// A response's status: code and reason phrase, `200 OK`.
///
/// @param code 100 to 599 (RFC 9110 section 15)
/// @param reason the reason phrase, without control characters; may be empty (RFC 9112 section 4)
public record Status(int code, String reason) {
    public static final Status SWITCHING_PROTOCOLS = new Status(101, "Switching Protocols");
    public static final Status OK = new Status(200, "OK");
    public static final Status NO_CONTENT = new Status(204, "No Content");
    public static final Status NOT_FOUND = new Status(404, "Not Found");
    public static final Status INTERNAL_SERVER_ERROR = new Status(500, "Internal Server Error");

    /// @throws IllegalArgumentException if the code is out of range, or the reason has a control or a non-latin-1
    /// character
    public Status {
        if (code < 100 || code > 599) {
            throw new IllegalArgumentException("status code " + code + " is not in 100 to 599");
        }
        for (int i = 0; i < reason.length(); i++) {
            char c = reason.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("reason phrase has character U+%04X at %d".formatted((int) c, i));
            }
        }
    }

    /// The status of that code with the reason phrase of RFC 9110, or an empty one where the RFC names none.
    ///
    /// @throws IllegalArgumentException if the code is not in 100 to 599
    public static Status of(int code) {
        return code == 200 ? OK : new Status(code, ReasonPhrases.of(code));
    }

    /// Reads `"404 Not Found"`, as PEP 3333 writes a status.
    ///
    /// @throws IllegalArgumentException if it doesn't start with three digits and then end or go on with a space
    public static Status parse(String line) {
        if (line.length() < 3
                || !line.chars().limit(3).allMatch(c -> c >= '0' && c <= '9')
                || (line.length() > 3 && line.charAt(3) != ' ')) {
            throw new IllegalArgumentException("status is not 'NNN reason': " + Quoting.printable(line));
        }
        return new Status(Integer.parseInt(line.substring(0, 3)), line.length() > 4 ? line.substring(4) : "");
    }

    /// Whether a response of this status never has a body: 1xx, 204, 205 and 304 (RFC 9110 sections 6.4.1 and
    /// 15.3.6).
    public boolean bodiless() {
        return code < 200 || code == 204 || code == 205 || code == 304;
    }

    /// `404 Not Found`, as in PEP 3333 and on the status line.
    @Override
    public String toString() {
        return code + " " + reason;
    }
}
