package dev.loomgate.server;

import dev.loomgate.loop.settings.InvalidSetting;
import java.time.Duration;

/// Which requests are logged although the access log is off ([ServerOptions#accessLog]): those to which one of these
/// applies. Where it is on, all are.
///
/// @param clientErrors those with a status of 400 to 499
/// @param serverErrors those with a status of 500 to 599
/// @param slow those that took so long or longer; zero for none
/// @param bigBytes those whose content has so many bytes or more; 0 for none
/// @param empty those without content
/// @param files those whose content is a file, sent by sendfile
/// @param cutOff those whose client has disconnected before the end of the response
public record AccessLogRules(
        boolean clientErrors,
        boolean serverErrors,
        Duration slow,
        long bigBytes,
        boolean empty,
        boolean files,
        boolean cutOff) {
    /// None of them.
    public static final AccessLogRules NONE = new AccessLogRules(false, false, Duration.ZERO, 0, false, false, false);

    /// @throws IllegalArgumentException if a limit is negative; the message names it
    public AccessLogRules {
        InvalidSetting.requireNotNegative("AccessLogRules.slow", slow);
        InvalidSetting.requireNotNegative("AccessLogRules.bigBytes", bigBytes);
    }
}
