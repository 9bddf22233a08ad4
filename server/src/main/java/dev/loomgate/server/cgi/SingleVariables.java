package dev.loomgate.server.cgi;

/// Which variables may not occur twice: those that two readers could take to mean two different requests.
final class SingleVariables {
    private static final String[] ONCE = {
        "CONTENT_LENGTH", "REQUEST_METHOD", "SERVER_PROTOCOL", "HTTP_AUTHORIZATION", "HTTP_TRANSFER_ENCODING"
    };

    private SingleVariables() {}

    static boolean isRefused(byte[] block, int key, int keyLength) {
        for (String once : ONCE) {
            if (once.length() == keyLength && PacketText.equal(once, block, key)) {
                return true;
            }
        }
        return false;
    }
}
