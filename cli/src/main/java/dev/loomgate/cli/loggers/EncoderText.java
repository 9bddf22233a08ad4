package dev.loomgate.cli.loggers;

import java.util.Optional;

/// An encoder, as options say it: `NAME ARGUMENTS`, or `NAME:LOGGER ARGUMENTS` for the messages of one logger.
///
/// @param logger the name of the logger; empty for those of all loggers
public record EncoderText(String option, Encoder encoder, String logger) {
    /// @throws IllegalArgumentException if there is none of that name
    public static EncoderText parse(String option, String text) {
        int space = text.indexOf(' ');
        String first = space < 0 ? text : text.substring(0, space);
        int colon = first.indexOf(':');
        String name = colon < 0 ? first : first.substring(0, colon);
        Optional<Encoder> encoder = Encoders.named(name, space < 0 ? "" : text.substring(space + 1));
        return new EncoderText(
                option,
                encoder.orElseThrow(() -> new IllegalArgumentException(
                        "%s: '%s': there is no encoder '%s': it is one of prefix, suffix, nl, format, json, gzip, compress"
                                .formatted(option, text, name))),
                colon < 0 ? "" : first.substring(colon + 1));
    }
}
