package dev.loomgate.testkit.fuzz;

import java.io.IOException;
import java.util.List;

/// Runs a target: over its corpus, and after that, where the system property `loomgate.fuzz.seconds` is set, with the
/// engine for so long. The engine's agent is in a JVM of its own, so the tests' JVM never has it.
public final class Fuzzing {
    private static final String SECONDS = "loomgate.fuzz.seconds";
    /// Whether what a run has found of new coverage replaces the corpus.
    private static final String KEEP = "loomgate.fuzz.keep";

    private Fuzzing() {}

    /// Checks every input of the corpus, and looks for new ones if the run is one for that.
    ///
    /// @throws AssertionError if a property doesn't hold, or the corpus has only inputs of one kind; it names
    ///     the input
    public static void run(FuzzTarget target) throws Exception {
        Corpus corpus = Corpus.of(target.getClass());
        replay(target, corpus);
        int seconds = Integer.getInteger(SECONDS, 0);
        if (seconds > 0) {
            new Engine(target.getClass(), corpus).run(seconds, Boolean.getBoolean(KEEP));
        }
    }

    static void replay(FuzzTarget target, Corpus corpus) throws IOException {
        List<byte[]> inputs = corpus.inputs();
        int right = 0;
        check(target, new byte[0]);
        for (byte[] input : inputs) {
            right += check(target, input) ? 1 : 0;
        }
        if (right == 0 || right == inputs.size()) {
            throw new AssertionError("%s: %d of %d inputs are right, so only one kind is tested"
                    .formatted(corpus.file(), right, inputs.size()));
        }
    }

    @SuppressWarnings("TooBroadCatch") // any of them is a finding
    private static boolean check(FuzzTarget target, byte[] input) {
        try {
            return target.check(new FuzzInput(input));
        } catch (Throwable e) {
            throw new AssertionError("does not hold for the input " + Corpus.format(input), e);
        }
    }
}
