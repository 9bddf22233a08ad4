package dev.loomgate.cli.process;

import dev.loomgate.server.ServerStartException;
import java.util.List;

/// Who this process is to the system, in numbers.
public final class Identity {
    private static final int ROOT = 0;

    private Identity() {}

    /// Its effective user.
    public static int uid() {
        return SystemCalls.effectiveUser();
    }

    /// Its effective group.
    public static int gid() {
        return SystemCalls.effectiveGroup();
    }

    public static boolean isRoot() {
        return uid() == ROOT;
    }

    /// Becomes a user and its group, for good, in all threads. Root alone can.
    ///
    /// @param withGroups whether it gets the further groups that the system has that user in, or none
    /// @throws ServerStartException if that isn't possible, or the user can't read this program
    public static void become(int uid, int gid, boolean withGroups) throws ServerStartException {
        RunAs who = new RunAs(Integer.toString(uid), Integer.toString(gid), List.of(), withGroups);
        Privileges.of(who).drop(List.of(), List.of());
        if (uid() != uid || gid() != gid) {
            throw new ServerStartException(
                    "can't become user %d, group %d (--emperor-tyrant): only root can".formatted(uid, gid));
        }
    }
}
