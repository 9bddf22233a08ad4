package dev.loomgate.server.uwsgi;

/// Which variables may not occur twice: those that two readers could take to mean two different requests.
final class Repetition {
    private static final String[] ONCE = {
        "CONTENT_LENGTH", "REQUEST_METHOD", "SERVER_PROTOCOL", "HTTP_AUTHORIZATION", "HTTP_TRANSFER_ENCODING"
    };

    private Repetition() {}

    static boolean isRefused(byte[] block, int key, int keyLength) {
        for (String once : ONCE) {
            if (once.length() == keyLength && Latin.equal(once, block, key)) {
                return true;
            }
        }
        return false;
    }
}
