/* The part of fuzz_direct.c that is about messages of WebSockets (messages.h). What is found plain is unmasked a second time by
 * slow code.
 */
#include "../../main/c/messages.h"

static size_t make_message(void) {
    static const uint32_t lengths[] = {0, 1, 7, 8, 9, 125, 126, 127, 300};
    uint32_t length = lengths[below(9)], size = length < 126 ? 0 : 2;
    size = below(20) == 0 ? 8 - size : size;
    unsigned char bytes[14 + 300] = {below(20) == 0 ? (unsigned char)below(256) : (unsigned char)(0x81 + below(2))};
    size_t at = 2;
    bytes[1] = (unsigned char)((below(40) == 0 ? 0 : 0x80) | (size == 0 ? length & 0x7f : size == 2 ? 126 : 127));
    for (uint32_t i = 0; i < size; i++) {
        bytes[at++] = i + 4 < size ? 0 : (unsigned char)(length >> 8 * (size - 1 - i));
    }
    for (uint32_t i = 0; i < 4 + length; i++) {
        bytes[at++] = (unsigned char)below(256);
    }
    return put(made, 0, bytes, below(8) == 0 ? below((uint32_t)at + 1) : at);
}

static long try_message(size_t length) {
    if (length == 0) {
        return 0;
    }
    /* Exactly as large, so that a sanitizer sees each byte past the end. */
    unsigned char *data = malloc(length);
    memcpy(data, made, length);
    PlainMessage message;
    size_t most = below(4) == 0 ? below(400) : MOST_MESSAGE_BYTES;
    MessageParse parsed = parse_message(data, length, most, &message);
    if (parsed == WHOLE_MESSAGE) {
        check(message.length <= most, "a message is longer than it may be");
        check(message.payload + message.length <= length && message.payload >= 6, "a message goes past the end");
        unsigned char *to = malloc(message.length + 1);
        unmask(to, data + message.payload, message.length);
        for (size_t i = 0; i < message.length; i++) {
            check(to[i] == (data[message.payload + i] ^ data[message.payload - 4 + i % 4]), "a byte is unmasked wrongly");
        }
        unsigned char header[MOST_FRAME_HEADER_BYTES];
        size_t written = frame_header(header, message.text, message.length);
        check(written == message.payload - 4 && header[0] == data[0], "a header isn't the client's");
        free(to);
    }
    free(data);
    return parsed == WHOLE_MESSAGE;
}
