package dev.loomgate.cli.process;

import dev.loomgate.server.ServerStartException;
import java.io.IOException;

/// How many files and sockets this process may have open. Source: getrlimit(2), Linux.
final class OpenFiles {
    private OpenFiles() {}

    /// Raises the limit, if it is lower, for this process and for those that it starts from now on.
    ///
    /// @throws ServerStartException if it can't be raised
    static void allow(int files) throws ServerStartException {
        SystemCalls.OpenFiles now;
        try {
            now = SystemCalls.openFiles();
        } catch (IOException e) {
            throw new ServerStartException("the limit of open files can't be told (--max-fd): " + e.getMessage(), e);
        }
        if (Long.compareUnsigned(now.soft(), files) >= 0) {
            return;
        }
        long hard = Long.compareUnsigned(now.hard(), files) >= 0 ? now.hard() : files;
        try {
            SystemCalls.setOpenFiles(new SystemCalls.OpenFiles(files, hard));
        } catch (IOException e) {
            throw new ServerStartException(
                    "%d open files aren't allowed: this process may have %s at most (ulimit -Hn), root up to fs.nr_open (--max-fd)"
                            .formatted(files, Long.toUnsignedString(now.hard())),
                    e);
        }
    }
}
