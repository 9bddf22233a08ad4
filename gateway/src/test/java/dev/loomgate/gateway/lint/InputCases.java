package dev.loomgate.gateway.lint;

import dev.loomgate.gateway.specification.Clause;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Inputs, and uses of inputs, that break the specification.
final class InputCases {
    private InputCases() {}

    static List<Case> all() {
        return List.of(
                container(Clause.INPUT_COUNT, "a read of 4 bytes returned 0", 9, List.of(0), readSome()),
                container(Clause.INPUT_COUNT, "a read of 4 bytes returned 5", 9, List.of(5), readSome()),
                container(Clause.INPUT_COUNT, "a read of 4 bytes returned -2", 9, List.of(-2), readSome()),
                container(
                        Clause.INPUT_COUNT,
                        "a read of 0 bytes returned -1",
                        9,
                        List.of(-1),
                        input -> input.read(new byte[4], 4, 0)),
                container(Clause.INPUT_BYTE, "read() returned 256", 9, List.of(256), InputStream::read),
                container(Clause.INPUT_BYTE, "read() returned -2", 9, List.of(-2), InputStream::read),
                container(Clause.INPUT_END_STAYS, "2 bytes came after the end", 4, List.of(4, -1, 2), input -> {
                    input.readAllBytes();
                    input.read(new byte[4]);
                }),
                container(Clause.INPUT_END_STAYS, "1 bytes came after the end", 0, List.of(-1, 97), input -> {
                    input.read();
                    input.read();
                }),
                container(
                        Clause.INPUT_LENGTH,
                        "CONTENT_LENGTH is 9, the input ended after 4 bytes",
                        9,
                        List.of(4, -1),
                        InputStream::readAllBytes),
                container(
                        Clause.INPUT_LENGTH,
                        "CONTENT_LENGTH is 3, the input gave 4 bytes",
                        3,
                        List.of(4, -1),
                        InputStream::readAllBytes),
                container(Clause.INPUT_SKIP, "a skip of 4 bytes returned 5", 9, List.of(5), input -> input.skip(4)),
                container(Clause.INPUT_SKIP, "a skip of 4 bytes returned -1", 9, List.of(-1), input -> input.skip(4)),
                container(Clause.INPUT_AVAILABLE, "available() returned -1", 9, List.of(-1), InputStream::available),
                application(
                        Clause.INPUT_RANGE,
                        "offset 1 and length 2 in an array of 2",
                        input -> input.read(new byte[2], 1, 2)),
                application(
                        Clause.INPUT_RANGE,
                        "offset -1 and length 1 in an array of 2",
                        input -> input.read(new byte[2], -1, 1)),
                application(Clause.INPUT_CLOSED, "a read after 1 bytes", input -> {
                    input.read();
                    input.close();
                    input.read();
                }),
                new Case(Clause.INPUT_AFTER_RESPONSE, "a read after 0 bytes", lint -> {
                    List<InputStream> kept = new ArrayList<>();
                    Container.answer(
                            lint.wrap((environ, start) -> {
                                kept.add(environ.input());
                                return Case.hello(environ, start);
                            }),
                            Requests.post(new byte[4]));
                    kept.getFirst().read();
                }));
    }

    @FunctionalInterface
    private interface Use {
        void of(InputStream input) throws Exception;
    }

    private static Use readSome() {
        return input -> input.read(new byte[4]);
    }

    private static Case container(Clause clause, String value, long length, List<Integer> answers, Use use) {
        return using(clause, value, new Scripted(answers), length, use);
    }

    private static Case application(Clause clause, String value, Use use) {
        return using(clause, value, new ByteArrayInputStream(new byte[4]), 4, use);
    }

    private static Case using(Clause clause, String value, InputStream input, long length, Use use) {
        return Case.of(clause, value + ", in POST /app/path", Requests.post(input, length), (environ, start) -> {
            use.of(environ.input());
            return Case.hello(environ, start);
        });
    }

    /// An input that gives these answers to whatever is asked.
    private static final class Scripted extends InputStream {
        private final List<Integer> answers;

        Scripted(List<Integer> answers) {
            this.answers = new ArrayList<>(answers);
        }

        @Override
        public int read() {
            return answers.removeFirst();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return answers.removeFirst();
        }

        @Override
        public long skip(long wanted) {
            return answers.removeFirst();
        }

        @Override
        public int available() {
            return answers.removeFirst();
        }
    }
}
