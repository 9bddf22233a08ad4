/* A fuzz run of the accelerator's decisions (plain.h, request.h), for a build with ASan and UBSan.
 *
 *     cc -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -o fuzz fuzz_direct.c && ./fuzz ROUNDS [SEED]
 *
 * Packets and heads are made that are mostly valid, then bytes of them are changed, copied and cut. Each is given in
 * memory of exactly its size. What is found plain is read a second time by slow code that looks for what must not be;
 * what the slow code finds plain must have been found so.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "../../main/c/plain.h"

#define MOST_BYTES (HEADER_BYTES + MOST_VARIABLE_BYTES + 4096)

static uint64_t state;
static unsigned long long seed;
static long round_number;
static unsigned char made[2 * MOST_BYTES];
static Packet packet;

static uint32_t below(uint32_t bound) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % bound;
}

static void check(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "fuzz_direct: %s (in round %ld of seed %llu)\n", what, round_number, seed);
        abort();
    }
}

static size_t add(size_t at, const char *key, size_t key_length, const char *value, size_t value_length) {
    made[at++] = (unsigned char)key_length;
    made[at++] = (unsigned char)(key_length >> 8);
    at = put(made, at, key, key_length);
    made[at++] = (unsigned char)value_length;
    made[at++] = (unsigned char)(value_length >> 8);
    return put(made, at, value, value_length);
}

static const char *const values[] = {
    "", "/", "GET", "POST", "HEAD", "0", "5", "12", "0005", "999999999999999999", "1000000000000000000", "on", "1", "off",
    "https", "http", "HTTP/1.1", "localhost", "a value of some length, with \xe9", "\t", "x\ny", "-1", "/path/\xff",
};
#define VALUES (sizeof values / sizeof *values)

static size_t make_packet(void) {
    static const char *const needed[][2] = {
        {"REQUEST_METHOD", "GET"}, {"PATH_INFO", "/"}, {"QUERY_STRING", ""}, {"SERVER_PROTOCOL", "HTTP/1.1"},
        {"SERVER_NAME", "localhost"}, {"SERVER_PORT", "80"}, {"CONTENT_LENGTH", "5"},
    };
    size_t at = HEADER_BYTES;
    size_t body = below(3) == 0 ? 5 : 0;
    for (size_t i = 0; i < 6 + (body != 0); i++) {
        const char *value = needed[i][1];
        if (i == 6 && below(4) == 0) {
            value = below(2) == 0 ? "000000000000000005" : "0000000000000000005";
        }
        if (below(40) != 0) {
            at = add(at, needed[i][0], strlen(needed[i][0]), value, strlen(value));
        }
    }
    for (uint32_t more = below(below(20) == 0 ? 400 : 12); more > 0; more--) {
        char name[300];
        size_t length;
        const char *value = values[below(VALUES)];
        if (below(2) == 0) {
            const Name *known = &known_names[7 + below(NAMES - 7)];
            length = put((unsigned char *)name, 0, known->text, known->length);
        } else {
            length = put((unsigned char *)name, 0, "HTTP_X_", 7);
            for (size_t i = below(below(10) == 0 ? 290 : 5); i > 0; i--) {
                name[length++] = (char)('A' + below(26));
            }
        }
        if (below(4) == 0) {
            value = "of a middle length";
        }
        if (at + length + strlen(value) + 4 < HEADER_BYTES + MOST_VARIABLE_BYTES) {
            at = add(at, name, length, value, strlen(value));
        }
    }
    made[0] = made[3] = 0;
    made[1] = (unsigned char)(at - HEADER_BYTES);
    made[2] = (unsigned char)((at - HEADER_BYTES) >> 8);
    return put(made, at, "body!", body);
}

static size_t mutate(size_t length, size_t most) {
    static const unsigned char odd[] = {0, 1, 2, 4, 5, 9, 10, 13, 31, 32, 33, 126, 127, 128, 255};
    for (uint32_t changes = below(4); changes > 0 && length > 0; changes--) {
        uint32_t at = below((uint32_t)length);
        uint32_t other = below((uint32_t)length);
        uint32_t count = below((uint32_t)(length - (at > other ? at : other)) + 1);
        switch (below(7)) {
            case 0: made[at] = odd[below(sizeof odd)]; break;
            case 1: made[at] = (unsigned char)below(256); break;
            case 2: made[at] ^= (unsigned char)(1u << below(8)); break;
            case 3: length = at; break;
            case 4: memmove(made + at, made + other, count); break;
            case 5:
                if (length < most) {
                    memmove(made + at + 1, made + at, length - at);
                    length++;
                }
                break;
            default:
                memmove(made + at, made + at + 1, length - at - 1);
                length--;
                break;
        }
    }
    return length;
}

static const char *const needed_names[] = {"REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "SERVER_PROTOCOL", "SERVER_NAME",
                                           "SERVER_PORT"};

static bool is(const unsigned char *at, size_t length, const char *text) {
    return length == strlen(text) && memcmp(at, text, length) == 0;
}

/* The rules once more, one after the other; gives how many variables an environ shows. */
static bool plainly(const unsigned char *data, size_t length, const Limits *limits, uint32_t *shown) {
    static struct {
        const unsigned char *key, *value;
        size_t key_length, value_length;
    } all[MOST_VARIABLES];
    int64_t count = 0;
    uint64_t body = 0;
    if (length < 4 || data[0] != 0 || data[3] != 0) {
        return false;
    }
    size_t size = data[1] + 256u * data[2];
    if (size == 0 || (int64_t)size > limits->max_header_bytes || 4 + size > length) {
        return false;
    }
    *shown = 0;
    for (size_t at = 4; at < 4 + size;) {
        size_t parts[2][2];
        for (int i = 0; i < 2; i++) {
            if (at + 2 > 4 + size) {
                return false;
            }
            parts[i][0] = at + 2;
            parts[i][1] = data[at] + 256u * data[at + 1];
            at += 2 + parts[i][1];
            if (at > 4 + size) {
                return false;
            }
        }
        const unsigned char *key = data + parts[0][0], *value = data + parts[1][0];
        size_t key_length = parts[0][1], value_length = parts[1][1];
        if (key_length == 0 || key[0] < 'A' || key[0] > 'Z' || count == limits->max_header_count) {
            return false;
        }
        for (size_t i = 0; i < key_length; i++) {
            if (key[i] <= ' ' || key[i] >= 127) {
                return false;
            }
        }
        for (size_t i = 0; i < value_length; i++) {
            if (value[i] < ' ' || value[i] == 127) {
                return false;
            }
        }
        for (int64_t i = 0; i < count; i++) {
            if (all[i].key_length == key_length && memcmp(all[i].key, key, key_length) == 0) {
                return false;
            }
        }
        all[count].key = key;
        all[count].key_length = key_length;
        all[count].value = value;
        all[count].value_length = value_length;
        count++;
        bool slash = value_length != 0 && value[0] == '/';
        if (is(key, key_length, "HTTP_TRANSFER_ENCODING")
            || (is(key, key_length, "HTTP_UPGRADE") && value_length != 0)
            || (is(key, key_length, "PATH_INFO") && !slash)
            || (is(key, key_length, "SCRIPT_NAME") && value_length != 0 && !slash)) {
            return false;
        }
        if (is(key, key_length, "REQUEST_METHOD") && !is(value, value_length, "GET") && !is(value, value_length, "POST")
            && !is(value, value_length, "PUT") && !is(value, value_length, "DELETE") && !is(value, value_length, "PATCH")
            && !is(value, value_length, "OPTIONS")) {
            return false;
        }
        if (value_length == 0
            && (is(key, key_length, "SERVER_PROTOCOL") || is(key, key_length, "SERVER_PORT"))) {
            return false;
        }
        if (is(key, key_length, "CONTENT_LENGTH")) {
            for (size_t i = 0; i < value_length; i++) {
                if (value_length > 18 || value[i] < '0' || value[i] > '9') {
                    return false;
                }
                body = 10 * body + value[i] - '0';
            }
            if (limits->max_body_bytes != 0 && body > (uint64_t)limits->max_body_bytes) {
                return false;
            }
        }
        bool hidden = is(key, key_length, "HTTP_CONTENT_TYPE") || is(key, key_length, "HTTP_CONTENT_LENGTH")
                      || (value_length == 0
                          && (is(key, key_length, "CONTENT_LENGTH") || is(key, key_length, "CONTENT_TYPE")
                              || is(key, key_length, "REMOTE_ADDR") || is(key, key_length, "SERVER_NAME")
                              || is(key, key_length, "REMOTE_PORT")));
        *shown += !hidden;
    }
    for (size_t i = 0; i < sizeof needed_names / sizeof *needed_names; i++) {
        bool found = false;
        for (int64_t j = 0; j < count; j++) {
            found |= is(all[j].key, all[j].key_length, needed_names[i]);
        }
        if (!found) {
            return false;
        }
    }
    return body == length - 4 - size;
}

static bool try_packet(size_t length) {
    Limits limits = {below(10) == 0 ? below(300) : 65535, below(10) == 0 ? below(20) : 200, below(3)};
    limits.max_body_bytes *= 5;
    unsigned char *exact = malloc(length);
    memcpy(exact, made, length);
    uint32_t shown = 0;
    bool plain = parse_packet(exact, length, &limits, &packet);
    check(plain == plainly(exact, length, &limits, &shown), "a packet is plain for one reader alone");
    if (plain) {
        check(packet.count == shown, "an environ has another number of variables");
        check(packet.body <= length, "a body begins outside");
        for (uint32_t i = 0; i < packet.count; i++) {
            const Variable *variable = &packet.variables[i];
            check(variable->key + variable->key_length + 2 == variable->value, "a value doesn't follow its key");
            check(variable->value + variable->value_length <= packet.body, "a value goes on in the body");
            check(variable->name == UNKNOWN
                      || is(exact + variable->key, variable->key_length, known_names[variable->name].text),
                  "a name is another one");
        }
    }
    free(exact);
    return plain;
}

static size_t make_head(size_t body) {
    static const char *const statuses[] = {"200 OK", "404 Not Found", "599 ", "204 No Content", "304 x", "200", "100 a", "500 \xe9"};
    static const char *const names[] = {"Content-Type", "X", "Set-Cookie", "TE", "te", "Trailer", "Upgrade", "Connection",
                                        "keep-alive", "Proxy-Connection", "Transfer-Encoding", "Content-Lengths", "a b", ""};
    const char *status = statuses[below(3) == 0 ? below(8) : below(2)];
    size_t at = put(made, 0, status, strlen(status));
    for (uint32_t more = below(8); more > 0; more--) {
        const char *name = names[below(10) == 0 ? below(14) : below(12)];
        const char *value = values[below(VALUES)];
        made[at++] = '\n';
        at = put(made, at, name, strlen(name));
        made[at++] = '\n';
        at = put(made, at, value, strchr(value, '\n') == NULL ? strlen(value) : 0);
    }
    for (uint32_t more = below(12) / 5; more > 0; more--) {
        at = put(made, at, "\ncontent-Length\n", 16);
        at = put_number(made, at, below(8) == 0 ? below(20) : body);
    }
    return at;
}

/* How often a byte is among these. */
static size_t count_of(const unsigned char *at, size_t length, unsigned char wanted) {
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        count += at[i] == wanted;
    }
    return count;
}

static bool try_head(size_t length, size_t body) {
    unsigned char *exact = malloc(length + 1);
    unsigned char *out = malloc(HEAD_ROOM(length));
    memcpy(exact, made, length);
    exact = realloc(exact, length == 0 ? 1 : length);
    size_t written = write_head(exact, length, body, out);
    int64_t declared = declared_length(exact, length);
    check(declared >= -1, "a length is negative");
    if (written != 0) {
        check(declared == -1 || (size_t)declared == body, "a head declares another length than it is sent with");
        char end[64];
        bool bodiless = memcmp(exact, "204", 3) == 0 || memcmp(exact, "304", 3) == 0;
        size_t end_length = bodiless ? (size_t)snprintf(end, sizeof end, "\r\n\r\n")
                                     : (size_t)snprintf(end, sizeof end, "\r\nContent-Length: %zu\r\n\r\n", body);
        check(!bodiless || body == 0, "a status without a body has one");
        check(written <= HEAD_ROOM(length), "a head is larger than its room");
        check(memcmp(out, "HTTP/1.1 ", 9) == 0 && written > end_length, "a head has no status line");
        check(memcmp(out + written - end_length, end, end_length) == 0, "a head ends otherwise");
        for (size_t i = 0; i < written; i++) {
            bool control = (out[i] < ' ' && out[i] != '\t') || out[i] == 127;
            bool line_end = (out[i] == '\r' && out[i + 1] == '\n') || (out[i] == '\n' && out[i - 1] == '\r');
            check(!control || line_end, "a head has a control character");
        }
        check(memcmp(out + written - 4, "\r\n\r\n", 4) == 0 && count_of(out, written, '\n') >= 2, "a head has no end");
        size_t lines = 0, lengths = 0, parts = 0;
        for (size_t i = 0; i + 15 < length; i++) {
            parts += exact[i] == '\n';
            lengths += exact[i] == '\n' && parts % 2 == 1 && is_field(exact + i + 1, 14, "content-length")
                       && exact[i + 15] == '\n';
        }
        check(lengths <= 1, "a head had two lengths");
        for (size_t i = 9; i + 4 < written; i++) {
            check(memcmp(out + i, "\r\n\r\n", 4) != 0, "a head ends twice");
            if (out[i] == '\n') {
                static const char *const never[] = {"te:", "trailer:", "upgrade:", "connection:", "keep-alive:",
                                                    "proxy-connection:", "transfer-encoding:", "content-length:"};
                for (int j = 0; j < 8; j++) {
                    size_t name = strlen(never[j]);
                    bool same = i + 1 + name < written && is_field(out + i + 1, name, never[j]);
                    check(!same || (j == 7 && !bodiless && i + 1 == written - end_length + 2), "a head has the server's field");
                }
                lines++;
            }
        }
        check(bodiless ? lengths == 0 : lines >= 1, "a head has no length, or one too many");
    }
    free(exact);
    free(out);
    return written != 0;
}

#include "fuzz_request.h"
#include "fuzz_messages.h"

int main(int count, char **arguments) {
    long rounds = count > 1 ? atol(arguments[1]) : 100000;
    seed = count > 2 ? strtoull(arguments[2], NULL, 10) : 1;
    state = (seed + 1) * 0x9E3779B97F4A7C15u;
    printf("fuzz_direct: seed %llu\n", seed);
    fflush(stdout);
    prepare();
    long plain = 0, heads = 0, requests = 0, messages = 0;
    for (; round_number < rounds; round_number++) {
        plain += try_packet(mutate(make_packet(), MOST_BYTES));
        size_t body = below(2) == 0 ? below(10) : below(100000);
        size_t head = mutate(make_head(body), MOST_BYTES);
        heads += try_head(head, body);
        try_http_head(head, body);
        requests += try_request(mutate(make_request(), MOST_BYTES));
        messages += try_message(mutate(make_message(), MOST_BYTES));
    }
    printf("fuzz_direct: %ld packets, %ld of them plain; as many heads, %ld of them sent, requests of HTTP, %ld of them plain, and messages, %ld of them plain\n", rounds, plain,
           heads, requests, messages);
    /* Else it isn't the rules that were tried. */
    check(rounds < 1000 || (plain > rounds / 20 && heads > rounds / 20 && requests > rounds / 20 && messages > rounds / 20), "hardly anything is plain");
    return 0;
}
