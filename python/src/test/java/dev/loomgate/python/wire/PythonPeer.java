package dev.loomgate.python.wire;

import dev.loomgate.testkit.peers.Python;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.HexFormat;

/// A real CPython that evaluates expressions: an expression and an argument's bytes in, the value's bytes out.
final class PythonPeer implements AutoCloseable {
    private static final String PROGRAM = """
            import marshal, sys
            for line in sys.stdin:
                expression, _, argument = line.rstrip("\\n").partition("\\t")
                value = eval(expression, {"marshal": marshal, "argument": bytes.fromhex(argument)})
                print(value.hex(), flush=True)
            """;

    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;

    PythonPeer() throws IOException {
        process = new ProcessBuilder(Python.DEBIAN, "-c", PROGRAM)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        in = process.outputWriter();
        out = process.inputReader();
    }

    /// The expression's value, which has to be bytes; `argument` is what it may use.
    byte[] evaluate(String expression, byte[] argument) throws IOException {
        in.write(expression + "\t" + HexFormat.of().formatHex(argument) + "\n");
        in.flush();
        String answer = out.readLine();
        if (answer == null) {
            throw new IOException("Python has ended over " + expression);
        }
        return HexFormat.of().parseHex(answer);
    }

    @Override
    public void close() throws IOException {
        in.close();
        process.destroyForcibly();
    }
}
