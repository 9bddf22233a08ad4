package dev.loomgate.cli.loggers;

import java.util.Locale;

/// Who says something, in syslog's words (RFC 3164 section 4.1.1).
enum Facility {
    AUTH(4),
    AUTHPRIV(10),
    CRON(9),
    DAEMON(3),
    FTP(11),
    KERN(0),
    LPR(6),
    MAIL(2),
    NEWS(7),
    SECURITY(4),
    SYSLOG(5),
    USER(1),
    UUCP(8),
    LOCAL0(16),
    LOCAL1(17),
    LOCAL2(18),
    LOCAL3(19),
    LOCAL4(20),
    LOCAL5(21),
    LOCAL6(22),
    LOCAL7(23);

    private static final int LEVELS = 8;

    private final int number;

    Facility(int number) {
        this.number = number;
    }

    /// What a packet of that level begins with.
    int priority(int level) {
        return LEVELS * number + level;
    }

    /// @param name in lower case
    /// @throws IllegalArgumentException if there is none
    static Facility named(String option, String name) {
        for (Facility each : values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                "%s: '%s' is no facility of syslog, as daemon and local0 are".formatted(option, name));
    }
}
