package dev.loomgate.toolkit.syntax;

import java.math.BigDecimal;

/// Numbers as text without an exponent, which no URL's number has.
public final class PlainNumber {
    private PlainNumber() {}

    /// The text of a value: of a number, never with an exponent.
    public static String text(Object value) {
        return switch (value) {
            case Double number when Double.isFinite(number) -> plain(number.toString());
            case Float number when Float.isFinite(number) -> plain(number.toString());
            default -> value.toString();
        };
    }

    /// The digits of a number, with a point among them.
    public static String of(BigDecimal number) {
        String digits = number.stripTrailingZeros().toPlainString();
        return digits.indexOf('.') < 0 ? digits + ".0" : digits;
    }

    private static String plain(String number) {
        return number.indexOf('E') < 0 ? number : of(new BigDecimal(number));
    }
}
