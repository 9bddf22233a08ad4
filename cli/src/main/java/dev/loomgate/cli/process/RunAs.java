package dev.loomgate.cli.process;

import dev.loomgate.server.ServerStartException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Whom the server runs as when its sockets are bound: what was asked for.
///
/// @param user a name or a number; or null for the one who starts it
/// @param group the same; or null for the user's own
/// @param groups more groups; of an empty list, those that the system has the user in
/// @param usersGroups whether the user gets those, where there are no others
public record RunAs(@Nullable String user, @Nullable String group, List<String> groups, boolean usersGroups) {
    /// The one who starts it.
    public static final RunAs STARTER = new RunAs(null, null, List.of(), true);

    public RunAs {
        groups = List.copyOf(groups);
    }

    boolean isAnother() {
        return user != null || group != null || !groups.isEmpty();
    }

    /// Looks the names up.
    ///
    /// @throws ServerStartException if there is no such user or group
    Credentials credentials() throws ServerStartException {
        return credentials("--uid", "--gid");
    }

    /// The same, where it was asked for otherwise.
    ///
    /// @param userOption what names the user, for messages
    /// @param groupOption what names the group, for messages
    /// @throws ServerStartException if there is no such user or group
    Credentials credentials(String userOption, String groupOption) throws ServerStartException {
        Optional<SystemCalls.User> known = known(userOption);
        int uid = user == null
                ? SystemCalls.effectiveUser()
                : known.map(SystemCalls.User::uid).orElseGet(() -> Integer.parseInt(user));
        int gid = group == null ? usersGroup(known, groupOption) : gid(group, groupOption);
        List<Integer> all;
        if (!groups.isEmpty()) {
            all = new ArrayList<>();
            for (String each : groups) {
                all.add(gid(each, "--add-gid"));
            }
        } else if (usersGroups && known.isPresent()) {
            all = SystemCalls.groups(known.get().name(), gid);
        } else {
            all = List.of();
        }
        return new Credentials(uid, gid, all, known.map(SystemCalls.User::name).orElse(Integer.toString(uid)));
    }

    private Optional<SystemCalls.User> known(String option) throws ServerStartException {
        if (user == null) {
            return Optional.empty();
        }
        Optional<SystemCalls.User> found =
                isNumber(user) ? SystemCalls.user(Integer.parseInt(user)) : SystemCalls.user(user);
        if (found.isEmpty() && !isNumber(user)) {
            throw new ServerStartException("there is no user '%s' (%s)".formatted(user, option));
        }
        return found;
    }

    private int usersGroup(Optional<SystemCalls.User> known, String option) throws ServerStartException {
        if (user == null) {
            return SystemCalls.effectiveGroup();
        }
        return known.map(SystemCalls.User::gid)
                .orElseThrow(() -> new ServerStartException(
                        "the system knows no user %s, and so no group of it: say which group (%s)"
                                .formatted(user, option)));
    }

    private static int gid(String text, String option) throws ServerStartException {
        if (isNumber(text)) {
            return Integer.parseInt(text);
        }
        return SystemCalls.group(text)
                .orElseThrow(() -> new ServerStartException("there is no group '%s' (%s)".formatted(text, option)));
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,9}");
    }

    /// Who that is, in numbers.
    ///
    /// @param groups besides the first
    /// @param name the user's, or its number where it has none
    record Credentials(int uid, int gid, List<Integer> groups, String name) {
        /// `user www-data (33), group www-data (33), groups daemon (1)`.
        @Override
        public String toString() {
            String more = groups.stream()
                    .filter(each -> each != gid)
                    .map(Credentials::group)
                    .collect(Collectors.joining(", "));
            return "user %s (%d), group %s".formatted(name, uid, group(gid))
                    + (more.isEmpty() ? "" : ", groups " + more);
        }

        private static String group(int gid) {
            return SystemCalls.groupName(gid)
                    .map(name -> "%s (%d)".formatted(name, gid))
                    .orElse(Integer.toString(gid));
        }
    }
}
