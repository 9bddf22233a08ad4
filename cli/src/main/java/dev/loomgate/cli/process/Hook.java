package dev.loomgate.cli.process;

/// Something to be done at a point of the server's start, or at its end.
///
/// @param option which asks for it, for messages
public record Hook(String option, Point point, HookAction action) {
    /// When. The points before the drop are of who starts the server, the others of the user that it becomes.
    public enum Point {
        /// At the very start, when the log's file is open.
        ASAP,
        /// The next one. There is no jail here.
        PRE_JAIL,
        /// The next one.
        POST_JAIL,
        /// Before root becomes the user; of root alone.
        AS_ROOT,
        /// After root has become the user; of who was root alone.
        AS_USER,
        /// Before the application is loaded.
        PRE_APP,
        /// When the application is loaded.
        POST_APP,
        /// The next one.
        MASTER_START,
        /// When the server has ended.
        AT_EXIT
    }
}
