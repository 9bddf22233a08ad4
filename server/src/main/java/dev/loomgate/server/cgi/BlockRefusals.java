package dev.loomgate.server.cgi;

import dev.loomgate.server.exchange.Refusal;

/// What is said about each thing that can be wrong with a block of variables: a sentence to the client that shows
/// nothing of the inside, and a line to the operator that names the variable, its value and the limit.
///
/// @param protocol that the variables come by: each line begins with it
public record BlockRefusals(String protocol) {
    private Refusal bad(String text, String what) {
        return refusal(400, text, what, "");
    }

    private Refusal malformed(String what) {
        return bad("the " + protocol + " packet is malformed", what);
    }

    private Refusal refusal(int status, String text, String what, String setting) {
        return new Refusal(status, text, protocol + ": " + what, setting);
    }

    /// The variable at `at` has no key, an empty one, or one with which its length does not fit in the block.
    Refusal key(byte[] block, int size, int at, int before) {
        int left = size - at - 2;
        if (left < 0) {
            return malformed("one byte is left over after %d request variables".formatted(before));
        }
        int keyLength = PacketText.u16(block, at);
        if (keyLength == 0) {
            return malformed("request variable %d has a key of length 0".formatted(before + 1));
        }
        if (keyLength > left) {
            return malformed("key of request variable %d says %d bytes, over the %d that are left"
                    .formatted(before + 1, keyLength, left));
        }
        return malformed("packet ends before the value of %s".formatted(PacketText.shown(block, at + 2, keyLength)));
    }

    Refusal keyNotAscii(byte[] block, int key, int keyLength, int before) {
        return bad(
                "a request variable's name is not valid",
                "name of request variable %d is not printable ASCII: %s"
                        .formatted(before + 1, PacketText.shown(block, key, keyLength)));
    }

    Refusal value(byte[] block, int key, int keyLength, int valueLength, int left) {
        return malformed("value of %s says %d bytes, over the %d that are left"
                .formatted(PacketText.shown(block, key, keyLength), valueLength, left));
    }

    Refusal tooMany(byte[] block, int key, int keyLength, int limit) {
        return refusal(
                431,
                "the request has too many header fields",
                "over %d request variables, %s is one too many"
                        .formatted(limit, PacketText.shown(block, key, keyLength)),
                "maxHeaderCount");
    }

    /// The variables take more bytes than they may.
    ///
    /// @param bytes up to the variable that is too much
    /// @param limit what the operator allows; over [BlockBuilder#MAX_BYTES], that is the limit
    public Refusal tooLarge(long bytes, int limit) {
        return limit <= BlockBuilder.MAX_BYTES
                ? refusal(
                        431,
                        "the request's head is too large",
                        "request variables take %d bytes, over %d".formatted(bytes, limit),
                        "maxHeaderBytes")
                : refusal(
                        431,
                        "the request's head is too large",
                        "request variables take %d bytes, over %d, the most that this protocol's may"
                                .formatted(bytes, BlockBuilder.MAX_BYTES),
                        "");
    }

    Refusal control(String name, int character, int at) {
        return bad(
                "a header field has a control character",
                "%s has control character 0x%02x at %d of its value".formatted(name, character, at));
    }

    Refusal repeated(byte[] block, int key, int keyLength) {
        return bad(
                "a header field may not be repeated",
                "%s comes twice in one packet".formatted(PacketText.shown(block, key, keyLength)));
    }

    Refusal method(byte[] block, int value, int valueLength) {
        return bad(
                "the request's method is not valid",
                "REQUEST_METHOD is \"%s\", not a token of at most 64 characters"
                        .formatted(PacketText.shown(block, value, valueLength)));
    }

    Refusal contentLength(byte[] block, int value, int valueLength) {
        return bad(
                "the request's content length is not valid",
                "CONTENT_LENGTH is \"%s\", not a number of bytes"
                        .formatted(PacketText.shown(block, value, valueLength)));
    }

    Refusal bodyTooLarge(long contentLength, long limit) {
        return refusal(
                413,
                "the request's body is too large",
                "request body takes %d bytes, over %d".formatted(contentLength, limit),
                "maxBodyBytes");
    }
}
