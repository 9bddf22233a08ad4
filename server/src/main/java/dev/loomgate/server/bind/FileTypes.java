package dev.loomgate.server.bind;

/// The type bits of a file's mode (POSIX, `sys/stat.h`, with Linux's numbers).
final class FileTypes {
    static final int MASK = 0170000;
    static final int SOCKET = 0140000;

    private FileTypes() {}

    static String nameOf(int type) {
        return switch (type) {
            case SOCKET -> "a socket";
            case 0120000 -> "a symbolic link";
            case 0100000 -> "a regular file";
            case 0060000 -> "a block device";
            case 0040000 -> "a directory";
            case 0020000 -> "a character device";
            case 0010000 -> "a pipe";
            default -> "a file of some other kind";
        };
    }
}
