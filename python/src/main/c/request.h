/* Whether bytes are a plain HTTP request, and the bytes of its response's head (decision 097).
 *
 * No Python, no sockets and no memory of its own, so that the fuzz run (src/test/c/fuzz_request.c) has all of it. What is
 * found plain here is what dev.loomgate.server.http would take as it is; everything else the JVM reads again, from its first byte.
 *
 *  GET /path?query HTTP/1.1 CRLF
 *  name ":" OWS value OWS CRLF         again and again
 *  CRLF
 *  body                                as many bytes as Content-Length says
 */
#ifndef LOOMGATE_REQUEST_H
#define LOOMGATE_REQUEST_H

#include <time.h>

#include "plain.h"

#define MOST_FIELDS 256
#define NO_FIELD MOST_FIELDS

typedef struct {
    int64_t max_head_bytes; /* with the empty line at its end */
    int64_t max_field_count;
    int64_t max_body_bytes; /* 0: no limit */
    int64_t max_target_bytes;
    int64_t room; /* for head and body together */
} HttpLimits;

typedef struct {
    uint32_t name;
    uint32_t value;
    uint32_t name_length;
    uint32_t value_length;
} Field;

typedef struct {
    uint32_t method_length; /* it begins the request */
    uint32_t target;
    uint32_t path_end;
    uint32_t target_end;
    uint32_t body; /* where it begins */
    uint32_t field_count;
    uint32_t host;        /* a number of `fields` */
    uint32_t host_length; /* of its value, without a port */
    bool escaped;         /* the path has a % */
    Field fields[MOST_FIELDS];
} Request;

typedef enum {
    NOT_PLAIN,
    UNFINISHED, /* the head is plain, and the rest of its body has room */
    PLAIN
} Found;

static inline int hex_digit(unsigned char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes of dev.loomgate.server.http.Bytes.isTarget. */
static inline bool is_target(unsigned char c) {
    return c > ' ' && c < 0x7f && c != '#';
}

/* A name or an address of IPv4, and a port if there is one. Others are the JVM's. */
static inline bool is_host(const unsigned char *at, size_t length, uint32_t *name_length) {
    size_t i = 0;
    while (i < length && at[i] != ':') {
        bool letter = (at[i] | 0x20) >= 'a' && (at[i] | 0x20) <= 'z';
        if (!letter && (at[i] < '0' || at[i] > '9') && at[i] != '.' && at[i] != '-' && at[i] != '_') {
            return false;
        }
        i++;
    }
    *name_length = (uint32_t)i;
    if (i == 0) {
        return false;
    }
    while (++i < length) {
        if (at[i] < '0' || at[i] > '9') {
            return false;
        }
    }
    return true;
}

/* A length as the JVM takes it: no sign, no zero before it, at most MOST_DIGITS. */
static inline bool is_length(const unsigned char *at, size_t length, int64_t *number) {
    return length != 0 && (at[0] != '0' || length == 1) && read_number(at, length, number);
}

/* The target behind the method. Gives where the line goes on, 0 if it isn't plain. */
static uint32_t parse_target(const unsigned char *data, uint32_t at, uint32_t end, int64_t most, Request *request) {
    request->target = at;
    request->path_end = 0;
    request->escaped = false;
    if (at == end || data[at] != '/') {
        return 0;
    }
    for (; at < end && is_target(data[at]); at++) {
        if (request->path_end != 0) {
            continue;
        }
        if (data[at] == '?') {
            request->path_end = at;
        } else if (data[at] == '%') {
            if (end - at < 3 || hex_digit(data[at + 1]) < 0 || hex_digit(data[at + 2]) < 0
                || (data[at + 1] == '0' && data[at + 2] == '0')) {
                return 0;
            }
            request->escaped = true;
        }
    }
    request->target_end = at;
    if (request->path_end == 0) {
        request->path_end = at;
    }
    return (int64_t)(at - request->target) <= most ? at : 0;
}

typedef struct {
    int64_t length;
    bool host, cookie, type, has_length;
} Seen;

/* Whether a field is one that the JVM has to look at, or comes again where it mustn't. */
static bool is_plain_field(const unsigned char *data, const Field *field, Request *request, Seen *seen) {
    const unsigned char *name = data + field->name, *value = data + field->value;
    size_t length = field->value_length;
    switch (field->name_length) {
        case 2: return !is_field(name, 2, "te");
        case 4:
            if (is_field(name, 4, "host")) {
                if (seen->host || !is_host(value, length, &request->host_length)) {
                    return false;
                }
                seen->host = true;
                request->host = request->field_count;
            }
            return true;
        case 5: return !is_field(name, 5, "proxy");
        case 6:
            if (is_field(name, 6, "cookie")) {
                bool first = !seen->cookie;
                seen->cookie = true;
                return first;
            }
            return !is_field(name, 6, "expect");
        case 7: return !is_field(name, 7, "upgrade");
        case 10: return !is_field(name, 10, "connection") || (length == 10 && is_field(value, 10, "keep-alive"));
        case 12:
            if (is_field(name, 12, "content-type")) {
                bool first = !seen->type;
                seen->type = true;
                return first;
            }
            return true;
        case 14:
            if (is_field(name, 14, "content-length")) {
                bool first = !seen->has_length;
                seen->has_length = true;
                return first && is_length(value, length, &seen->length);
            }
            return true;
        case 17: return !is_field(name, 17, "transfer-encoding");
        default: return true;
    }
}

/* What these bytes are. After NOT_PLAIN `request` has nothing of meaning. */
static Found parse_request(const unsigned char *data, size_t length, const HttpLimits *limits, Request *request) {
    static const char version[] = " HTTP/1.1\r\n";
    const uint32_t version_length = sizeof version - 1;
    if (length > UINT32_MAX / 2) {
        return NOT_PLAIN;
    }
    const uint32_t end = (uint32_t)length;
    uint32_t at = 0;
    while (at < end && at < 8 && data[at] != ' ') {
        at++;
    }
    if (at == end || !is_method(data, at)) {
        return NOT_PLAIN;
    }
    request->method_length = at;
    at = parse_target(data, at + 1, end, limits->max_target_bytes, request);
    if (at == 0 || end - at < version_length || memcmp(data + at, version, version_length) != 0) {
        return NOT_PLAIN;
    }
    at += version_length;
    Seen seen = {0};
    request->field_count = 0;
    while (at < end && data[at] != '\r') {
        if (request->field_count == MOST_FIELDS || request->field_count >= limits->max_field_count) {
            return NOT_PLAIN;
        }
        Field *field = &request->fields[request->field_count];
        field->name = at;
        while (at < end && token_characters[data[at]] && data[at] != '_') {
            at++;
        }
        field->name_length = at - field->name;
        if (at == end || field->name_length == 0 || data[at] != ':') {
            return NOT_PLAIN;
        }
        at++;
        while (at < end && (data[at] == ' ' || data[at] == '\t')) {
            at++;
        }
        field->value = at;
        const unsigned char *line = at == end ? NULL : memchr(data + at, '\r', end - at);
        if (line == NULL || line + 1 == data + end || line[1] != '\n') {
            return NOT_PLAIN;
        }
        uint32_t to = (uint32_t)(line - data);
        at = to + 2;
        while (to > field->value && (data[to - 1] == ' ' || data[to - 1] == '\t')) {
            to--;
        }
        field->value_length = to - field->value;
        if (!is_value(data + field->value, field->value_length) || !is_plain_field(data, field, request, &seen)) {
            return NOT_PLAIN;
        }
        request->field_count++;
    }
    if (end - at < 2 || data[at + 1] != '\n' || !seen.host) {
        return NOT_PLAIN;
    }
    at += 2;
    request->body = at;
    if (at > limits->max_head_bytes || (limits->max_body_bytes != 0 && seen.length > limits->max_body_bytes)) {
        return NOT_PLAIN;
    }
    int64_t there = (int64_t)(end - at);
    if (there == seen.length) {
        return PLAIN;
    }
    return there < seen.length && seen.length <= limits->room - (int64_t)at ? UNFINISHED : NOT_PLAIN;
}

/* Decodes the path, of as many bytes as `out` has. Gives its length. */
static size_t decode_path(const unsigned char *data, const Request *request, unsigned char *out) {
    size_t length = 0;
    for (uint32_t i = request->target; i < request->path_end; i++) {
        if (data[i] == '%') {
            out[length++] = (unsigned char)(hex_digit(data[i + 1]) << 4 | hex_digit(data[i + 2]));
            i += 2;
        } else {
            out[length++] = data[i];
        }
    }
    return length;
}

#define DATE_BYTES 37

/* The line "Date: Sun, 29 Nov 2026 10:00:00 GMT" with its end, of a second since 1970. */
static void write_date(time_t second, unsigned char out[DATE_BYTES]) {
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct tm now;
    gmtime_r(&second, &now);
    int year = now.tm_year + 1900;
    memcpy(out, "Date: ddd, 00 mmm 0000 00:00:00 GMT\r\n", DATE_BYTES);
    memcpy(out + 6, days + 3 * now.tm_wday, 3);
    memcpy(out + 14, months + 3 * now.tm_mon, 3);
    const int numbers[][2] = {{11, now.tm_mday},  {18, year / 100},   {20, year % 100},
                              {23, now.tm_hour}, {26, now.tm_min}, {29, now.tm_sec}};
    for (int i = 0; i < 6; i++) {
        out[numbers[i][0]] = (unsigned char)('0' + numbers[i][1] / 10 % 10);
        out[numbers[i][0] + 1] = (unsigned char)('0' + numbers[i][1] % 10);
    }
}

#define SERVER_LINE "Server: loomgate\r\n"
#define HTTP_HEAD_ROOM(length) (HEAD_ROOM(length) + DATE_BYTES + sizeof SERVER_LINE)

/* As `write_head`, with the server's own fields: those of a response after which the connection goes on. `out` has
 * HTTP_HEAD_ROOM(length). */
static size_t write_http_head(const unsigned char *head, size_t length, size_t body, const unsigned char date[DATE_BYTES],
                              unsigned char *out) {
    if (length >= 3 && memcmp(head, "426", 3) == 0) {
        return 0;
    }
    size_t written = write_head(head, length, body, out);
    if (written == 0) {
        return 0;
    }
    bool has_date = false, has_server = false;
    const unsigned char *const end = head + length;
    for (const unsigned char *at = line_end(head, end); at < end;) {
        const unsigned char *name = at + 1, *value = line_end(name, end);
        size_t name_length = (size_t)(value - name);
        /* Every name has a value: write_head has seen to that. */
        value++;
        at = line_end(value, end);
        if (name_length == 4) {
            has_date |= is_field(name, 4, "date");
        } else if (name_length == 6) {
            has_server |= is_field(name, 6, "server");
        } else if (name_length == 10 && is_field(name, 10, "connection") && at - value == 5 && is_field(value, 5, "close")) {
            return 0;
        }
    }
    written -= 2;
    if (!has_date) {
        written = put(out, written, date, DATE_BYTES);
    }
    if (!has_server) {
        written = put(out, written, SERVER_LINE, sizeof SERVER_LINE - 1);
    }
    return put(out, written, "\r\n", 2);
}

#endif
