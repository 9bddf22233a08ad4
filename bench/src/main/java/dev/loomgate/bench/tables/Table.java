package dev.loomgate.bench.tables;

/// One measurement of bench/RESULTS.md.
public interface Table {
    /// The letter that `bench/run` takes.
    String letter();

    String title();

    /// Measures, and returns the section's Markdown: what was done, then the figures.
    String measure(Setting setting) throws Exception;
}
