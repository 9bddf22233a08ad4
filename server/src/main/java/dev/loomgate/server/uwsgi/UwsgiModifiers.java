package dev.loomgate.server.uwsgi;

/// The packet types that uWSGI gives meanings to, by modifier1.
///
/// Source: uWSGI's documentation, "The uwsgi Protocol".
final class UwsgiModifiers {
    static final int WSGI = 0;
    static final int JVM = 8;
    static final int MANAGE_PATH_INFO = 30;
    static final int PING = 100;

    private UwsgiModifiers() {}

    /// Whether a packet of this type is a request for the application.
    static boolean runs(int modifier1) {
        return modifier1 == WSGI || modifier1 == JVM || modifier1 == MANAGE_PATH_INFO;
    }

    /// What uWSGI would do with a packet of this type, for the log.
    static String nameOf(int modifier1) {
        return switch (modifier1) {
            case WSGI -> "WSGI";
            case 1, 2, 3, 4 -> "reserved";
            case 5 -> "PSGI";
            case 6 -> "Lua WSAPI";
            case 7 -> "Rack";
            case JVM -> "JVM";
            case 9 -> "CGI";
            case 10 -> "management";
            case 14 -> "PHP";
            case 15 -> "Mono";
            case 17 -> "spooler";
            case 18 -> "call of a C symbol";
            case 22 -> "raw code eval";
            case 23 -> "XSLT";
            case 24 -> "V8";
            case 25 -> "GridFS";
            case 26 -> "GlusterFS";
            case 27 -> "fastfuncs";
            case 28 -> "RADOS";
            case MANAGE_PATH_INFO -> "WSGI with a PATH_INFO to fix";
            case 31, 32, 33 -> "message passing";
            case 48 -> "SNMP";
            case 72 -> "HTTP response";
            case 73, 74, 95, 96 -> "cluster";
            case 97, 98 -> "reload";
            case 99 -> "configuration";
            case PING -> "ping";
            case 101 -> "echo";
            case 109 -> "legion";
            case 110 -> "signal";
            case 111 -> "cache";
            case 123 -> "corerouter signal";
            case 173 -> "RPC";
            case 200 -> "persistent connection";
            case 224 -> "subscription";
            case 255 -> "response";
            default -> "unknown";
        };
    }
}
