/* What is decided by bytes alone: whether a uwsgi packet is plain, and the bytes of a response's head.
 *
 * No Python, no sockets and no memory of its own, so that the fuzz run (src/test/c/fuzz_direct.c) has all of it. What
 * "plain" means is in docs/worker-protocol.md, "Direct mode": what isn't plain is handed over to the JVM, never refused here.
 *
 *  byte  0          1      2      3          4 ...          4 + datasize ...
 *       +-----------+-------------+-----------+-------------+--------------------------+
 *       | modifier1 |  datasize   | modifier2 |  variables  |  body, CONTENT_LENGTH    |
 *       +-----------+-------------+-----------+-------------+--------------------------+
 *
 *  a variable:  u16 key length, key, u16 value length, value; all numbers little-endian
 */
#ifndef LOOMGATE_PLAIN_H
#define LOOMGATE_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HEADER_BYTES 4
#define MOST_VARIABLE_BYTES 65535
/* The shortest variable has five bytes. */
#define MOST_VARIABLES (MOST_VARIABLE_BYTES / 5)
#define MOST_DIGITS 18

/* Names that need no string object of their own. The first ones are values of the server's, which are the same in most requests;
 * then come the others that rules are about. */
#define KNOWN_NAMES(X)                                                                                                 \
    X(REQUEST_METHOD) X(SERVER_PROTOCOL) X(SERVER_NAME) X(SERVER_PORT) X(REQUEST_SCHEME) X(DOCUMENT_ROOT)              \
    X(CONTENT_LENGTH) X(CONTENT_TYPE) X(REMOTE_ADDR) X(REMOTE_PORT) X(HTTP_CONTENT_TYPE) X(HTTP_CONTENT_LENGTH)        \
    X(HTTP_TRANSFER_ENCODING) X(HTTPS) X(PATH_INFO) X(SCRIPT_NAME) X(QUERY_STRING)                                     \
    X(REQUEST_URI) X(REMOTE_USER) X(AUTH_TYPE) X(DOCUMENT_URI) X(GATEWAY_INTERFACE) X(SERVER_ADDR) X(SERVER_SOFTWARE)  \
    X(REQUEST_ID) X(HTTP_HOST) X(HTTP_USER_AGENT) X(HTTP_ACCEPT) X(HTTP_ACCEPT_CHARSET) X(HTTP_ACCEPT_ENCODING)        \
    X(HTTP_ACCEPT_LANGUAGE) X(HTTP_AUTHORIZATION) X(HTTP_CACHE_CONTROL) X(HTTP_CONNECTION) X(HTTP_COOKIE) X(HTTP_DNT)  \
    X(HTTP_DATE) X(HTTP_EXPECT) X(HTTP_FORWARDED) X(HTTP_FROM) X(HTTP_IF_MATCH) X(HTTP_IF_MODIFIED_SINCE)              \
    X(HTTP_IF_NONE_MATCH) X(HTTP_IF_RANGE) X(HTTP_IF_UNMODIFIED_SINCE) X(HTTP_KEEP_ALIVE) X(HTTP_ORIGIN)               \
    X(HTTP_PRAGMA) X(HTTP_PRIORITY) X(HTTP_RANGE) X(HTTP_REFERER) X(HTTP_SEC_CH_UA) X(HTTP_SEC_CH_UA_MOBILE)           \
    X(HTTP_SEC_CH_UA_PLATFORM) X(HTTP_SEC_FETCH_DEST) X(HTTP_SEC_FETCH_MODE) X(HTTP_SEC_FETCH_SITE)                    \
    X(HTTP_SEC_FETCH_USER) X(HTTP_SEC_GPC) X(HTTP_TE) X(HTTP_TRACEPARENT) X(HTTP_TRACESTATE) X(HTTP_UPGRADE)           \
    X(HTTP_UPGRADE_INSECURE_REQUESTS) X(HTTP_VIA) X(HTTP_X_CSRFTOKEN) X(HTTP_X_FORWARDED_FOR)                          \
    X(HTTP_X_FORWARDED_HOST) X(HTTP_X_FORWARDED_PORT) X(HTTP_X_FORWARDED_PROTO) X(HTTP_X_REAL_IP)                      \
    X(HTTP_X_REQUEST_ID) X(HTTP_X_REQUESTED_WITH)

enum {
#define X(name) NAME_##name,
    KNOWN_NAMES(X)
#undef X
    NAMES,
    UNKNOWN = NAMES
};

/* Their values are kept from one request to the next. */
#define CACHED_NAMES NAME_CONTENT_LENGTH

#define SLOTS 512

typedef struct {
    const char *text;
    uint8_t length;
} Name;

static const Name known_names[NAMES] = {
#define X(name) {#name, sizeof #name - 1},
    KNOWN_NAMES(X)
#undef X
};

/* Numbers of `known_names` by `name_slot`; what collides is in the next free one. */
static uint8_t name_slots[SLOTS];

/* What a field's name is made of, RFC 9110 section 5.6.2. */
static bool token_characters[256];

typedef struct {
    uint32_t key;
    uint32_t value;
    uint32_t hash; /* only of an unknown name */
    uint16_t key_length;
    uint16_t value_length;
    uint8_t name; /* a number of `known_names`, or UNKNOWN */
} Variable;

typedef struct {
    uint32_t count;
    uint32_t body; /* where it begins; it goes on to the end */
    bool https;
    bool has_script_name;
    bool has_server_name; /* and it isn't empty, as nginx's is that has no server_name */
    Variable variables[MOST_VARIABLES];
} Packet;

typedef struct {
    int64_t max_header_bytes;
    int64_t max_header_count;
    int64_t max_body_bytes; /* 0: no limit */
} Limits;

static inline uint32_t u16(const unsigned char *at) {
    return at[0] | (uint32_t)at[1] << 8;
}

static inline uint64_t word(const unsigned char *at) {
    uint64_t eight;
    memcpy(&eight, at, sizeof eight);
    return eight;
}

/* For names of the same length: whatever differs in the known ones. */
static inline uint32_t name_slot(const unsigned char *name, size_t length) {
    uint32_t mixed = (uint32_t)length * 0x9E3779B1u + name[length - 1] * 0x85EBCA6Bu + name[length / 2] * 0xC2B2AE35u
                     + name[length - 1 - length / 4] * 0x27D4EB2Fu;
    return (mixed ^ mixed >> 15) >> 3 & (SLOTS - 1);
}

/* Once, before anything else. */
static void prepare(void) {
    for (const char *c = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"; *c != 0; c++) {
        token_characters[(unsigned char)*c] = true;
    }
    memset(name_slots, UNKNOWN, sizeof name_slots);
    for (int i = 0; i < NAMES; i++) {
        uint32_t slot = name_slot((const unsigned char *)known_names[i].text, known_names[i].length);
        while (name_slots[slot] != UNKNOWN) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        name_slots[slot] = (uint8_t)i;
    }
}

static inline int find_name(const unsigned char *name, size_t length) {
    for (uint32_t slot = name_slot(name, length);; slot = (slot + 1) & (SLOTS - 1)) {
        int found = name_slots[slot];
        if (found == UNKNOWN
            || (known_names[found].length == length && memcmp(known_names[found].text, name, length) == 0)) {
            return found;
        }
    }
}

/* Controls are 0x00 to 0x1f and 0x7f. Exact: a borrow starts only at a byte that is one itself. */
static inline uint64_t controls(uint64_t eight) {
    const uint64_t ones = 0x0101010101010101u;
    uint64_t deleted = eight ^ 0x7f * ones;
    return (((eight - 0x20 * ones) & ~eight) | ((deleted - ones) & ~deleted)) & 0x80 * ones;
}

static inline bool is_control(unsigned char c) {
    return c < 0x20 || c == 0x7f;
}

static inline bool has_control(const unsigned char *at, size_t length) {
    if (length < 8) {
        for (size_t i = 0; i < length; i++) {
            if (is_control(at[i])) {
                return true;
            }
        }
        return false;
    }
    uint64_t found = controls(word(at + length - 8));
    for (size_t i = 0; i + 8 < length; i += 8) {
        found |= controls(word(at + i));
    }
    return found != 0;
}

/* A capital, then graphic ASCII. Gives the hash as well. */
static inline bool is_name(const unsigned char *at, size_t length, uint32_t *hash) {
    if (at[0] < 'A' || at[0] > 'Z') {
        return false;
    }
    uint32_t mixed = (uint32_t)length;
    for (size_t i = 0; i < length; i++) {
        if (at[i] < 0x21 || at[i] > 0x7e) {
            return false;
        }
        mixed = (mixed ^ at[i]) * 0x01000193u;
    }
    *hash = mixed;
    return true;
}

static inline bool is_text(const unsigned char *at, size_t length, const char *text) {
    return length == strlen(text) && memcmp(at, text, length) == 0;
}

static inline bool is_method(const unsigned char *at, size_t length) {
    switch (length) {
        case 3: return is_text(at, length, "GET") || is_text(at, length, "PUT");
        case 4: return is_text(at, length, "POST");
        case 5: return is_text(at, length, "PATCH");
        case 6: return is_text(at, length, "DELETE");
        case 7: return is_text(at, length, "OPTIONS");
        default: return false;
    }
}

/* Digits alone, as many as a number surely has room for. */
static inline bool read_number(const unsigned char *at, size_t length, int64_t *number) {
    if (length > MOST_DIGITS) {
        return false;
    }
    int64_t read = 0;
    for (size_t i = 0; i < length; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return false;
        }
        read = 10 * read + (at[i] - '0');
    }
    *number = read;
    return true;
}

static bool is_repeated(const unsigned char *data, const Packet *packet, const Variable *variable) {
    for (uint32_t i = 0; i < packet->count; i++) {
        const Variable *other = &packet->variables[i];
        if (other->name == UNKNOWN && other->hash == variable->hash && other->key_length == variable->key_length
            && memcmp(data + other->key, data + variable->key, variable->key_length) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether these bytes are a plain packet with its whole body, and nothing after it. Then `packet` has the variables that an
 * environ shows; else nothing of meaning. */
static bool parse_packet(const unsigned char *data, size_t length, const Limits *limits, Packet *packet) {
    if (length < HEADER_BYTES || data[0] != 0 || data[3] != 0) {
        return false;
    }
    uint32_t size = u16(data + 1);
    if (size == 0 || size > limits->max_header_bytes || size > length - HEADER_BYTES) {
        return false;
    }
    uint32_t at = HEADER_BYTES;
    const uint32_t end = HEADER_BYTES + size;
    uint64_t seen[(NAMES + 63) / 64] = {0};
    uint64_t seen_unknown = 0;
    int64_t body = 0;
    int64_t count = 0;
    bool https = false, https_given = false, https_scheme = false;
    packet->count = 0;
    packet->body = end;
    while (at < end) {
        if (end - at < 2) {
            return false;
        }
        uint32_t key_length = u16(data + at);
        if (key_length == 0 || end - at - 2 < key_length + 2) {
            return false;
        }
        Variable *variable = &packet->variables[packet->count];
        const unsigned char *key = data + at + 2;
        const unsigned char *value = key + key_length + 2;
        uint32_t value_length = u16(value - 2);
        if (value_length > (uint32_t)(data + end - value) || ++count > limits->max_header_count
            || has_control(value, value_length)) {
            return false;
        }
        variable->key = at + 2;
        variable->key_length = (uint16_t)key_length;
        variable->value = (uint32_t)(value - data);
        variable->value_length = (uint16_t)value_length;
        at = variable->value + value_length;
        int name = find_name(key, key_length);
        variable->name = (uint8_t)name;
        if (name == UNKNOWN) {
            if (!is_name(key, key_length, &variable->hash)) {
                return false;
            }
            /* Cheap, and may be wrong about a name that is new. */
            uint64_t bit = (uint64_t)1 << (variable->hash * 0x9E3779B1u >> 26);
            if ((seen_unknown & bit) != 0 && is_repeated(data, packet, variable)) {
                return false;
            }
            seen_unknown |= bit;
            packet->count++;
            continue;
        }
        if ((seen[name / 64] >> name % 64 & 1) != 0) {
            return false;
        }
        seen[name / 64] |= (uint64_t)1 << name % 64;
        bool shown = true;
        switch (name) {
            case NAME_REQUEST_METHOD:
                if (!is_method(value, value_length)) {
                    return false;
                }
                break;
            case NAME_CONTENT_LENGTH:
                if (!read_number(value, value_length, &body)
                    || (limits->max_body_bytes != 0 && body > limits->max_body_bytes)) {
                    return false;
                }
                shown = value_length != 0;
                break;
            case NAME_PATH_INFO:
                if (value_length == 0 || value[0] != '/') {
                    return false;
                }
                break;
            case NAME_SCRIPT_NAME:
                if (value_length != 0 && value[0] != '/') {
                    return false;
                }
                break;
            case NAME_SERVER_NAME: shown = packet->has_server_name = value_length != 0; break;
            case NAME_SERVER_PROTOCOL:
            case NAME_SERVER_PORT:
                if (value_length == 0) {
                    return false;
                }
                break;
            case NAME_CONTENT_TYPE:
            case NAME_REMOTE_ADDR:
            case NAME_REMOTE_PORT: shown = value_length != 0; break;
            case NAME_HTTP_CONTENT_TYPE:
            case NAME_HTTP_CONTENT_LENGTH: shown = false; break;
            case NAME_HTTP_TRANSFER_ENCODING: return false;
            case NAME_HTTP_UPGRADE: // it may ask for a WebSocket, which the JVM has to do with
                if (value_length != 0) {
                    return false;
                }
                break;
            case NAME_HTTPS:
                https_given = value_length != 0;
                https = is_text(value, value_length, "on") || is_text(value, value_length, "1");
                break;
            case NAME_REQUEST_SCHEME: https_scheme = is_text(value, value_length, "https"); break;
            default: break;
        }
        packet->count += shown;
    }
#define SEEN(name) (seen[NAME_##name / 64] >> NAME_##name % 64 & 1)
    packet->https = https_given ? https : https_scheme;
    packet->has_script_name = SEEN(SCRIPT_NAME);
    return SEEN(REQUEST_METHOD) && SEEN(PATH_INFO) && SEEN(QUERY_STRING) && SEEN(SERVER_PROTOCOL) && SEEN(SERVER_NAME)
           && SEEN(SERVER_PORT) && (uint64_t)body == (uint64_t)(length - end);
#undef SEEN
}

static inline bool is_field(const unsigned char *name, size_t length, const char *lower) {
    for (size_t i = 0; i < length; i++) {
        unsigned char c = name[i];
        if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != (unsigned char)lower[i]) {
            return false;
        }
    }
    return true;
}

/* Those are about the connection or the framing, which are the server's: they aren't sent. */
static inline bool is_connections(const unsigned char *name, size_t length) {
    switch (length) {
        case 2: return is_field(name, length, "te");
        case 7: return is_field(name, length, "trailer") || is_field(name, length, "upgrade");
        case 10: return is_field(name, length, "connection") || is_field(name, length, "keep-alive");
        case 14: return is_field(name, length, "content-length");
        case 16: return is_field(name, length, "proxy-connection");
        case 17: return is_field(name, length, "transfer-encoding");
        default: return false;
    }
}

/* A tab is the one control character that a value may have. */
static inline bool is_value(const unsigned char *at, size_t length) {
    if (has_control(at, length)) {
        for (size_t i = 0; i < length; i++) {
            if (is_control(at[i]) && at[i] != '\t') {
                return false;
            }
        }
    }
    return true;
}

static inline size_t put(unsigned char *out, size_t at, const void *bytes, size_t length) {
    memcpy(out + at, bytes, length);
    return at + length;
}

static inline size_t put_number(unsigned char *out, size_t at, size_t number) {
    unsigned char digits[20];
    size_t first = sizeof digits;
    do {
        digits[--first] = (unsigned char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return put(out, at, digits + first, sizeof digits - first);
}

static inline const unsigned char *line_end(const unsigned char *at, const unsigned char *end) {
    const unsigned char *found = at == end ? NULL : memchr(at, '\n', (size_t)(end - at));
    return found == NULL ? end : found;
}

static int64_t length_of(const unsigned char *value, size_t length) {
    int64_t number = length == 0 ? -1 : 0;
    for (size_t i = 0; i < length; i++) {
        if (value[i] < '0' || value[i] > '9') {
            return -1;
        }
        number = number > INT64_MAX / 100 ? number : number * 10 + (value[i] - '0');
    }
    return number;
}

/* The Content-Length in a head that `start_response` made; -1 if there is none. With more than one, the one that content_length
 * in loomgate_worker/wsgi/heads.py finds. */
static int64_t declared_length(const unsigned char *head, size_t length) {
    static const char usual[] = "Content-Length";
    const unsigned char *const end = head + length;
    const unsigned char *at = line_end(head, end);
    int64_t found = -1;
    bool as_usual = true;
    while (at < end) {
        const unsigned char *name = at + 1;
        const unsigned char *value = line_end(name, end);
        if (value == end) {
            break;
        }
        size_t name_length = (size_t)(value - name);
        value++;
        at = line_end(value, end);
        size_t value_length = (size_t)(at - value);
        if (name_length == 14 && is_field(name, name_length, "content-length")) {
            int64_t number = length_of(value, value_length);
            if (as_usual && memcmp(name, usual, 14) == 0) {
                if (number >= 0) {
                    return number;
                }
                as_usual = false;
            }
            found = found < 0 ? number : found;
        }
        as_usual = as_usual && (value_length != 14 || memcmp(value, usual, 14) != 0);
    }
    return found;
}

/* What a written head may take of room, for one that `start_response` made. */
#define HEAD_ROOM(length) (2 * (length) + 64)

/* Writes a head as it is sent: status line, fields, Content-Length, empty line.
 *
 * Gives its length, or 0 where the JVM must decide: a status that isn't "ddd reason" or whose body is another than it may have, a field
 * that isn't valid, a Content-Length that isn't the body's. `out` has HEAD_ROOM(length).
 */
static size_t write_head(const unsigned char *head, size_t length, size_t body, unsigned char *out) {
    const unsigned char *const end = head + length;
    const unsigned char *at = line_end(head, end);
    size_t line = (size_t)(at - head);
    if (line < 5 || head[0] < '2' || head[0] > '5' || head[1] < '0' || head[1] > '9' || head[2] < '0' || head[2] > '9'
        || head[3] != ' ' || !is_value(head, line)) {
        return 0;
    }
    /* No Content and Not Modified have no body and no length of one. Reset Content has rules of its own. */
    bool bodiless = memcmp(head, "204", 3) == 0 || memcmp(head, "304", 3) == 0;
    if ((bodiless && body != 0) || memcmp(head, "205", 3) == 0) {
        return 0;
    }
    size_t written = put(out, 0, "HTTP/1.1 ", 9);
    written = put(out, written, head, line);
    written = put(out, written, "\r\n", 2);
    bool has_length = false;
    while (at < end) {
        const unsigned char *name = at + 1;
        const unsigned char *value = name;
        while (value < end && token_characters[*value]) {
            value++;
        }
        size_t name_length = (size_t)(value - name);
        if (name_length == 0 || value == end || *value != '\n') {
            return 0;
        }
        value++;
        at = line_end(value, end);
        size_t value_length = (size_t)(at - value);
        if (!is_value(value, value_length)) {
            return 0;
        }
        if (is_connections(name, name_length)) {
            if (name_length == 14) {
                unsigned char digits[20];
                size_t count = put_number(digits, 0, body);
                if (bodiless || has_length || value_length != count || memcmp(value, digits, count) != 0) {
                    return 0;
                }
                has_length = true;
            }
            continue;
        }
        written = put(out, written, name, name_length);
        written = put(out, written, ": ", 2);
        written = put(out, written, value, value_length);
        written = put(out, written, "\r\n", 2);
    }
    if (!bodiless) {
        written = put(out, written, "Content-Length: ", 16);
        written = put_number(out, written, body);
        written = put(out, written, "\r\n", 2);
    }
    return put(out, written, "\r\n", 2);
}

#endif
