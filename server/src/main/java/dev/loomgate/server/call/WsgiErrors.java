package dev.loomgate.server.call;

import java.io.Writer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// `wsgi.errors`: what the application writes, as lines of the log `dev.loomgate.application`. Used by one thread.
final class WsgiErrors extends Writer {
    private static final Logger LOG = System.getLogger("dev.loomgate.application");
    private static final int MAX_LINE = 8 * 1024;

    private final StringBuilder line = new StringBuilder();

    @Override
    public void write(char[] text, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            char c = text[i];
            if (c == '\n' || line.length() == MAX_LINE) {
                flush();
            }
            if (c != '\n' && c != '\r') {
                line.append(c);
            }
        }
    }

    /// Logs what has been written as a line.
    @Override
    public void flush() {
        if (!line.isEmpty()) {
            LOG.log(Level.WARNING, line.toString());
            line.setLength(0);
        }
    }

    @Override
    public void close() {
        flush();
    }
}
