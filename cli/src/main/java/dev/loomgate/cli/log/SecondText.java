package dev.loomgate.cli.log;

import java.time.Instant;
import java.util.function.Function;

/// What records of the same second share of their time, made once for them. For one thread.
final class SecondText {
    private final Function<Instant, String> format;
    private long second = Long.MIN_VALUE;
    private String text = "";

    /// @param format gets a time without fraction
    SecondText(Function<Instant, String> format) {
        this.format = format;
    }

    String of(Instant time) {
        if (time.getEpochSecond() != second) {
            text = format.apply(Instant.ofEpochSecond(time.getEpochSecond()));
            second = time.getEpochSecond();
        }
        return text;
    }

    /// Appends so many decimal digits, with zeros in front.
    static void appendDigits(StringBuilder text, int value, int digits) {
        for (int unit = (int) Math.pow(10, digits - 1); unit > 0; unit /= 10) {
            text.append((char) ('0' + value / unit % 10));
        }
    }
}
