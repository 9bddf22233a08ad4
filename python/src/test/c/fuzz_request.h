/* The part of fuzz_direct.c that is about HTTP requests (request.h). What is found plain is read a second time by slow code, one
 * rule after the other.
 */
#include "../../main/c/request.h"

static Request request;

static size_t add_text(size_t at, const char *text) {
    return put(made, at, text, strlen(text));
}

static size_t make_request(void) {
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "get", "CONNECT", ""};
    static const char *const targets[] = {"/", "/a?b", "/%61/%2f?%zz", "/a#b", "*", "http://a/", "/%00", "/%4", "/\xc3", "/\"{}|", "/%Ff"};
    static const char *const fields[] = {
        "Host: b", "Accept: */*", "X:\t y \t", "X-Long-Name-Of-A-Field: and a value that is longer than a word", "Cookie: a=b",
        "Content-Type: text/plain", "Connection: keep-alive", "Connection: close", "Upgrade: h2c", "TE: trailers", "Expect: 100-continue",
        "Transfer-Encoding: chunked", "Proxy: a", "X_A: b", "X: \x80\xff", "X:", "Content-Length: 0", "proxx: a", "tf: a",
    };
    size_t at = add_text(0, methods[below(4) == 0 ? below(10) : below(6)]);
    at = add_text(at, " ");
    at = add_text(at, targets[below(4) == 0 ? below(11) : below(3)]);
    at = add_text(at, below(40) == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
    uint32_t host = below(6), body = below(3) == 0 ? 5 : 0, more = below(below(30) == 0 ? 300 : 8);
    for (uint32_t i = 0; i <= more || i <= host; i++) {
        if (i == host && below(30) != 0) {
            at = add_text(at, below(8) == 0 ? "Host: [::1]:80\r\n" : "hOst: a.b-c:8080\r\n");
        } else if (i < more) {
            at = add_text(at, fields[below(10) == 0 ? below(19) : 1 + below(3)]);
            at = add_text(at, "\r\n");
        }
    }
    if (body != 0) {
        at = add_text(at, below(10) == 0 ? "Content-Length: 05\r\n" : "Content-Length: 5\r\n");
    }
    at = add_text(at, "\r\n");
    return put(made, at, "body!", below(8) == 0 ? below(5) : body);
}

static bool among(unsigned char c, const char *characters) {
    return c != 0 && strchr(characters, c) != NULL;
}

static bool is_alphanumeric(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool named(const unsigned char *at, size_t length, const char *lower) {
    return length == strlen(lower) && is_field(at, length, lower);
}

/* What parse_request finds. */
static Found slowly(const unsigned char *data, size_t length, const HttpLimits *limits) {
    static const char *const methods[] = {"GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "OPTIONS "};
    static const char *const never[] = {"te", "proxy", "expect", "upgrade", "transfer-encoding"};
    static const char *const once[] = {"host", "cookie", "content-type", "content-length"};
    size_t at = 0, hosts = 0;
    for (int i = 0; i < 6 && at == 0; i++) {
        size_t count = strlen(methods[i]);
        at = length >= count && memcmp(data, methods[i], count) == 0 ? count : 0;
    }
    if (at == 0 || at == length || data[at] != '/') {
        return NOT_PLAIN;
    }
    size_t target = at;
    bool path = true;
    while (at < length && data[at] != ' ') {
        if (data[at] <= ' ' || data[at] >= 127 || data[at] == '#') {
            return NOT_PLAIN;
        }
        path = path && data[at] != '?';
        if (path && data[at] == '%') {
            for (size_t i = 1; i <= 2; i++) {
                if (at + i >= length || !among(data[at + i], "0123456789abcdefABCDEF")) {
                    return NOT_PLAIN;
                }
            }
            if (memcmp(data + at, "%00", 3) == 0) {
                return NOT_PLAIN;
            }
        }
        at++;
    }
    if ((int64_t)(at - target) > limits->max_target_bytes || length - at < 11 || memcmp(data + at, " HTTP/1.1\r\n", 11) != 0) {
        return NOT_PLAIN;
    }
    at += 11;
    int64_t fields = 0, content = 0;
    int counts[4] = {0};
    while (true) {
        size_t line = at;
        while (at + 1 < length && !(data[at] == '\r' && data[at + 1] == '\n')) {
            at++;
        }
        if (at + 1 >= length) {
            return NOT_PLAIN;
        }
        size_t end = at;
        at += 2;
        if (end == line) {
            break;
        }
        size_t colon = line;
        while (colon < end && (is_alphanumeric(data[colon]) || among(data[colon], "!#$%&'*+-.^`|~"))) {
            colon++;
        }
        if (colon == line || colon == end || data[colon] != ':' || ++fields > limits->max_field_count || fields > MOST_FIELDS) {
            return NOT_PLAIN;
        }
        size_t value = colon + 1;
        while (value < end && among(data[value], " \t")) {
            value++;
        }
        while (end > value && among(data[end - 1], " \t")) {
            end--;
        }
        for (size_t i = value; i < end; i++) {
            if ((data[i] < ' ' && data[i] != '\t') || data[i] == 127) {
                return NOT_PLAIN;
            }
        }
        for (int i = 0; i < 5; i++) {
            if (named(data + line, colon - line, never[i])) {
                return NOT_PLAIN;
            }
        }
        for (int i = 0; i < 4; i++) {
            counts[i] += named(data + line, colon - line, once[i]);
            if (counts[i] > 1) {
                return NOT_PLAIN;
            }
        }
        if (named(data + line, colon - line, "connection") && !named(data + value, end - value, "keep-alive")) {
            return NOT_PLAIN;
        }
        if (named(data + line, colon - line, "host")) {
            size_t i = value;
            while (i < end && (is_alphanumeric(data[i]) || among(data[i], ".-_"))) {
                i++;
            }
            if (i == value || (i < end && data[i++] != ':')) {
                return NOT_PLAIN;
            }
            while (i < end) {
                if (!among(data[i++], "0123456789")) {
                    return NOT_PLAIN;
                }
            }
            hosts++;
        }
        if (named(data + line, colon - line, "content-length")) {
            if (end == value || end - value > 18 || (data[value] == '0' && end - value > 1)) {
                return NOT_PLAIN;
            }
            for (size_t i = value; i < end; i++) {
                if (!among(data[i], "0123456789")) {
                    return NOT_PLAIN;
                }
                content = 10 * content + data[i] - '0';
            }
        }
    }
    if (hosts == 0 || (int64_t)at > limits->max_head_bytes || (limits->max_body_bytes != 0 && content > limits->max_body_bytes)) {
        return NOT_PLAIN;
    }
    if ((int64_t)(length - at) == content) {
        return PLAIN;
    }
    return (int64_t)(length - at) < content && (int64_t)at + content <= limits->room ? UNFINISHED : NOT_PLAIN;
}

static bool try_request(size_t length) {
    HttpLimits limits = {below(10) == 0 ? below(300) : 65535, below(10) == 0 ? below(10) : 200, 4 * below(3),
                         below(10) == 0 ? below(10) : 8192, below(10) == 0 ? below(100) : 131071};
    unsigned char *exact = malloc(length == 0 ? 1 : length);
    memcpy(exact, made, length);
    exact = realloc(exact, length == 0 ? 1 : length);
    Found found = parse_request(exact, length, &limits, &request);
    check(found == slowly(exact, length, &limits), "a request is plain for one reader alone");
    if (found == PLAIN) {
        check(request.method_length + 1 == request.target && request.target < request.path_end
                  && request.path_end <= request.target_end && request.target_end < request.body && request.body <= length,
              "a request's parts are in another order");
        check(request.host < request.field_count && request.field_count <= MOST_FIELDS, "a request's host is no field");
        for (uint32_t i = 0; i < request.field_count; i++) {
            const Field *field = &request.fields[i];
            check(field->name + field->name_length < field->value && field->value + field->value_length + 4 <= request.body,
                  "a field is outside of the head");
        }
        size_t path = request.path_end - request.target;
        unsigned char *decoded = malloc(path);
        size_t left = decode_path(exact, &request, decoded);
        check(left <= path && left > 0 && decoded[0] == '/' && memchr(decoded, 0, left) == NULL, "a path is decoded to something else");
        check(request.escaped || left == path, "a path without an escape has become shorter");
        free(decoded);
    }
    free(exact);
    return found == PLAIN;
}

static void try_http_head(size_t length, size_t body) {
    unsigned char *exact = malloc(length == 0 ? 1 : length), *out = malloc(HTTP_HEAD_ROOM(length)), *plain = malloc(HEAD_ROOM(length));
    unsigned char date[DATE_BYTES];
    write_date((time_t)below(UINT32_MAX), date);
    memcpy(exact, made, length);
    size_t written = write_http_head(exact, length, body, date, out), without = write_head(exact, length, body, plain);
    check(written <= HTTP_HEAD_ROOM(length), "a head is larger than its room");
    check(written == 0 || (without != 0 && memcmp(out, plain, without - 2) == 0), "a head begins otherwise than over uwsgi");
    check(written == 0 || memcmp(out + written - 4, "\r\n\r\n", 4) == 0, "a head of HTTP has no end");
    free(exact);
    free(out);
    free(plain);
}
