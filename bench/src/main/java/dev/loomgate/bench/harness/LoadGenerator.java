package dev.loomgate.bench.harness;

import java.io.IOException;
import java.util.List;

/// What asks a server as fast as it answers, for a while.
public interface LoadGenerator {
    /// Asks for that URL.
    ///
    /// @param options of the program that say what is sent: headers, a script
    WrkReport run(String url, List<String> options) throws IOException, InterruptedException;
}
