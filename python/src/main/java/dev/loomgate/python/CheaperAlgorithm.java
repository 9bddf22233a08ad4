package dev.loomgate.python;

/// How it is decided how many workers there are ([CheaperOptions]). The names are uWSGI's.
public enum CheaperAlgorithm {
    /// More when all have been busy for some seconds, fewer when more than one has nothing to do.
    SPARE,
    /// As many without work as the least number says.
    SPARE2,
    /// More while many requests wait, fewer while few do.
    BACKLOG,
    /// By the share of their time that workers have requests.
    BUSYNESS,
    /// Their number stays as it is.
    MANUAL
}
