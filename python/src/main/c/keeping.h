/* Direct mode over HTTP, on connections that go on (decision 097): what loomgate_worker/direct/request.py does in Python, with the
 * same results.
 *
 *     read_http(fd, before, base, port, max_head_bytes, max_field_count, max_body_bytes, max_target_bytes)
 *         -> (data, scope, body)
 *     reply_http(fd, head, body) -> True | False | bytes
 *
 * Part of loomgate_direct.c, whose buffers and rules about the interpreter's lock it shares.
 */
#ifndef LOOMGATE_KEEPING_H
#define LOOMGATE_KEEPING_H

#include "request.h"

/* Fields that clients send again with every request, as pairs: one place for each hash. Longer ones aren't kept. */
#define PAIRS 512
#define MOST_PAIR_BYTES 192

static Request request;
static unsigned char path_decoded[READ_BYTES];

static struct {
    unsigned char bytes[MOST_PAIR_BYTES]; /* the name in small letters, then the value */
    uint32_t name_length;
    uint32_t value_length;
    PyObject *pair;
} pairs[PAIRS];

/* The last host, and what the scope says of it. */
static struct {
    unsigned char bytes[64];
    size_t length;
    int64_t port;
    PyObject *server;
} last_server;

/* Keys of a scope. */
static PyObject *key_method, *key_path, *key_raw_path, *key_query_string, *key_headers, *key_server;
static PyObject *method_objects[METHODS];
static PyObject *no_bytes;

static struct {
    time_t second;
    unsigned char line[DATE_BYTES];
} date;

static bool prepare_keeping(void) {
    static const struct {
        PyObject **object;
        const char *text;
    } keys[] = {{&key_method, "method"},           {&key_path, "path"},       {&key_raw_path, "raw_path"},
                {&key_query_string, "query_string"}, {&key_headers, "headers"}, {&key_server, "server"}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if ((*keys[i].object = PyUnicode_InternFromString(keys[i].text)) == NULL) {
            return false;
        }
    }
    for (int i = 0; i < METHODS; i++) {
        if ((method_objects[i] = PyUnicode_InternFromString(method_names[i])) == NULL) {
            return false;
        }
    }
    return (no_bytes = PyBytes_FromStringAndSize("", 0)) != NULL;
}

/* Takes both references. */
static PyObject *pair_of(PyObject *one, PyObject *other) {
    PyObject *pair = one == NULL || other == NULL ? NULL : PyTuple_New(2);
    if (pair == NULL) {
        Py_XDECREF(one);
        Py_XDECREF(other);
        return NULL;
    }
    PyTuple_SetItem(pair, 0, one);
    PyTuple_SetItem(pair, 1, other);
    return pair;
}

/* What clients prove themselves with isn't kept. */
static bool is_secret(const unsigned char *name, size_t length) {
    return (length == 6 && memcmp(name, "cookie", 6) == 0) || (length == 13 && memcmp(name, "authorization", 13) == 0)
           || (length == 19 && memcmp(name, "proxy-authorization", 19) == 0);
}

/* The pair of a field: its name in small letters. */
static PyObject *field_pair(const unsigned char *data, const Field *field) {
    uint32_t name_length = field->name_length, length = name_length + field->value_length;
    unsigned char lower[MOST_PAIR_BYTES];
    if (length > sizeof lower) {
        PyObject *name = bytes_of(data + field->name, name_length);
        if (name == NULL) {
            return NULL;
        }
        /* Nobody else has it yet. */
        unsigned char *letters = (unsigned char *)PyBytes_AsString(name);
        for (uint32_t i = 0; i < name_length; i++) {
            letters[i] |= letters[i] >= 'A' && letters[i] <= 'Z' ? 0x20 : 0;
        }
        return pair_of(name, bytes_of(data + field->value, field->value_length));
    }
    uint32_t hash = name_length * 0x9E3779B1u;
    for (uint32_t i = 0; i < name_length; i++) {
        unsigned char c = data[field->name + i];
        lower[i] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    }
    memcpy(lower + name_length, data + field->value, field->value_length);
    uint32_t at = 0;
    for (; at + 8 <= length; at += 8) {
        uint64_t mixed = (word(lower + at) ^ hash) * 0x9E3779B97F4A7C15u;
        hash = (uint32_t)(mixed ^ mixed >> 32);
    }
    for (; at < length; at++) {
        hash = (hash ^ lower[at]) * 0x01000193u;
    }
    uint32_t place = (hash ^ hash >> 16) & (PAIRS - 1);
    if (pairs[place].pair == NULL || pairs[place].name_length != name_length || pairs[place].value_length != field->value_length
        || memcmp(pairs[place].bytes, lower, length) != 0) {
        PyObject *pair = pair_of(bytes_of(lower, name_length), bytes_of(lower + name_length, field->value_length));
        if (pair == NULL || is_secret(lower, name_length)) {
            return pair;
        }
        Py_XDECREF(pairs[place].pair);
        pairs[place].pair = pair;
        pairs[place].name_length = name_length;
        pairs[place].value_length = field->value_length;
        memcpy(pairs[place].bytes, lower, length);
    }
    Py_INCREF(pairs[place].pair);
    return pairs[place].pair;
}

/* Host first, then the others as they came. */
static PyObject *fields_list(const unsigned char *data) {
    PyObject *list = PyList_New(request.field_count);
    if (list == NULL) {
        return NULL;
    }
    Py_ssize_t to = 0;
    for (uint32_t i = 0; i <= request.field_count; i++) {
        uint32_t number = i == 0 ? request.host : i - 1;
        if (i != 0 && number == request.host) {
            continue;
        }
        PyObject *pair = field_pair(data, &request.fields[number]);
        if (pair == NULL) {
            Py_DECREF(list);
            return NULL;
        }
        PyList_SetItem(list, to++, pair);
    }
    return list;
}

/* (name, port); a new reference. */
static PyObject *server_of(const unsigned char *data, int64_t port) {
    const unsigned char *host = data + request.fields[request.host].value;
    size_t length = request.host_length;
    if (last_server.server != NULL && last_server.length == length && last_server.port == port
        && memcmp(last_server.bytes, host, length) == 0) {
        Py_INCREF(last_server.server);
        return last_server.server;
    }
    PyObject *server = pair_of(PyUnicode_DecodeLatin1((const char *)host, (Py_ssize_t)length, NULL), PyLong_FromLongLong(port));
    if (server != NULL && length <= sizeof last_server.bytes) {
        Py_XDECREF(last_server.server);
        Py_INCREF(server);
        last_server.server = server;
        last_server.length = length;
        last_server.port = port;
        memcpy(last_server.bytes, host, length);
    }
    return server;
}

static PyObject *path_of(const unsigned char *data) {
    if (!request.escaped) {
        return latin1(request.target, request.path_end - request.target, data);
    }
    size_t length = decode_path(data, &request, path_decoded);
    return PyUnicode_DecodeUTF8((const char *)path_decoded, (Py_ssize_t)length, NULL);
}

static bool set(PyObject *scope, PyObject *key, PyObject *value) {
    bool done = value != NULL && PyDict_SetItem(scope, key, value) == 0;
    Py_XDECREF(value);
    return done;
}

/* `data`: a copy that nobody else writes to. */
static bool fill_scope(PyObject *scope, const unsigned char *data, int64_t port) {
    /* The path first: what isn't UTF-8 is no failure, and the others needn't be made then. */
    if (!set(scope, key_path, path_of(data))) {
        return false;
    }
    int method = number_of(data, request.method_length, method_names, METHODS - 1);
    uint32_t query = request.path_end + (request.path_end < request.target_end);
    if (PyDict_SetItem(scope, key_method, method_objects[method]) != 0
        || !set(scope, key_raw_path, bytes_of(data + request.target, request.path_end - request.target))) {
        return false;
    }
    if (query == request.target_end ? PyDict_SetItem(scope, key_query_string, no_bytes) != 0
                                    : !set(scope, key_query_string, bytes_of(data + query, request.target_end - query))) {
        return false;
    }
    return set(scope, key_headers, fields_list(data)) && set(scope, key_server, server_of(data, port));
}

/* Takes the references; NULL stands for None, or for a failure with its exception. */
static PyObject *three(PyObject *data, PyObject *scope, PyObject *body) {
    PyObject *made = PyErr_Occurred() ? NULL : PyTuple_New(3);
    if (made == NULL) {
        Py_XDECREF(data);
        Py_XDECREF(scope);
        Py_XDECREF(body);
        return NULL;
    }
    PyTuple_SetItem(made, 0, data == NULL ? none() : data);
    PyTuple_SetItem(made, 1, scope == NULL ? none() : scope);
    PyTuple_SetItem(made, 2, body == NULL ? none() : body);
    return made;
}

/* A plain request: its head, its scope, its body. Any other one whose path isn't UTF-8: all of it. */
static PyObject *plain_request(PyObject *scope, size_t count, int64_t port) {
    PyObject *data = bytes_of(received, request.body);
    PyObject *body = data == NULL ? NULL : count == request.body ? no_bytes : bytes_of(received + request.body, count - request.body);
    if (body == no_bytes) {
        Py_INCREF(body);
    }
    if (body != NULL && fill_scope(scope, (const unsigned char *)PyBytes_AsString(data), port)) {
        return three(data, scope, body);
    }
    Py_DECREF(scope);
    if (body != NULL && PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) {
        PyErr_Clear();
        PyBytes_ConcatAndDel(&data, body);
        return three(data, NULL, NULL);
    }
    Py_XDECREF(body);
    return three(data, NULL, NULL);
}

static PyObject *read_http(PyObject *Py_UNUSED(module), PyObject *args) {
    int64_t descriptor, port;
    HttpLimits limits = {.room = sizeof received - 1};
    if (PyTuple_Size(args) != 8 || !PyBytes_Check(PyTuple_GetItem(args, 1)) || !PyDict_Check(PyTuple_GetItem(args, 2))) {
        PyErr_SetString(PyExc_TypeError, "a descriptor, bytes, a dict, a port and four limits are needed");
        return NULL;
    }
    if (!whole_number(args, 0, &descriptor) || !is_descriptor(descriptor) || !whole_number(args, 3, &port)
        || !whole_number(args, 4, &limits.max_head_bytes) || !whole_number(args, 5, &limits.max_field_count)
        || !whole_number(args, 6, &limits.max_body_bytes) || !whole_number(args, 7, &limits.max_target_bytes)) {
        return NULL;
    }
    PyObject *before = PyTuple_GetItem(args, 1);
    size_t kept = (size_t)PyBytes_Size(before);
    if (kept >= sizeof received) {
        PyErr_SetString(PyExc_ValueError, "more bytes were read before than are ever kept");
        return NULL;
    }
    PyObject *scope = PyDict_Copy(PyTuple_GetItem(args, 2));
    if (scope == NULL) {
        return NULL;
    }
    memcpy(received, PyBytes_AsString(before), kept);
    ssize_t count;
    do {
        count = recv((int)descriptor, received + kept, sizeof received - kept, MSG_DONTWAIT);
    } while (count < 0 && errno == EINTR);
    if (count > 0) {
        size_t length = kept + (size_t)count;
        switch (length == sizeof received ? NOT_PLAIN : parse_request(received, length, &limits, &request)) {
            case PLAIN:
                if (kinds.words != NULL) {
                    keep_asked_http((int)descriptor, received, request.method_length);
                }
                return plain_request(scope, length, port);
            case UNFINISHED:
                Py_DECREF(scope);
                Py_INCREF(no_bytes);
                return three(bytes_of(received, length), NULL, no_bytes);
            default: Py_DECREF(scope); return three(bytes_of(received, length), NULL, NULL);
        }
    }
    int failure = errno;
    Py_DECREF(scope);
    if (count < 0) {
        errno = failure;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return three(NULL, NULL, NULL);
        }
        if (errno != ECONNRESET && errno != ETIMEDOUT && errno != EPIPE) {
            return PyErr_SetFromErrno(PyExc_OSError);
        }
    }
    /* The end, whatever was there before. */
    Py_INCREF(no_bytes);
    return three(no_bytes, NULL, NULL);
}

static const unsigned char *date_line(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec != date.second) {
        date.second = now.tv_sec;
        write_date(now.tv_sec, date.line);
    }
    return date.line;
}

/* True: the client has it, or has gone. False: nothing has happened, the JVM must decide. Bytes: the rest, which the socket
 * hasn't taken yet. */
static PyObject *reply_http(PyObject *Py_UNUSED(module), PyObject *args) {
    int64_t descriptor;
    PyObject *head = PyTuple_Size(args) == 3 ? PyTuple_GetItem(args, 1) : NULL;
    PyObject *body = head == NULL ? NULL : PyTuple_GetItem(args, 2);
    if (body == NULL || !PyBytes_Check(head) || !PyBytes_Check(body)) {
        PyErr_SetString(PyExc_TypeError, "a descriptor, a head and a body as bytes are needed");
        return NULL;
    }
    if (!whole_number(args, 0, &descriptor) || !is_descriptor(descriptor)) {
        return NULL;
    }
    size_t head_length = (size_t)PyBytes_Size(head), body_length = (size_t)PyBytes_Size(body);
    if (head_length > MOST_REPLY_BYTES || body_length > MOST_REPLY_BYTES - head_length) {
        return PyBool_FromLong(0);
    }
    unsigned char *content = (unsigned char *)PyBytes_AsString(body);
    size_t written
        = write_http_head((const unsigned char *)PyBytes_AsString(head), head_length, body_length, date_line(), head_written);
    if (written == 0 || written > MOST_REPLY_BYTES - body_length) {
        return PyBool_FromLong(0);
    }
    const size_t whole = written + body_length;
    struct iovec parts[2] = {{head_written, written}, {content, body_length}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    if (body_length <= COPIED_BODY_BYTES) {
        parts[0].iov_len = put(head_written, written, content, body_length);
        message.msg_iovlen = 1;
    }
    ssize_t sent;
    do {
        sent = message.msg_iovlen == 1 ? send((int)descriptor, head_written, whole, MSG_NOSIGNAL | MSG_DONTWAIT)
                                       : sendmsg((int)descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        switch (errno) {
            case EPIPE:
            case ECONNRESET:
            case ETIMEDOUT:
            case ENOTCONN: sent = (ssize_t)whole; break;
            /* It takes nothing now. */
            case EAGAIN: sent = 0; break;
            /* The kernel is short of memory: nothing is written. */
            case ENOBUFS:
            case ENOMEM: return PyBool_FromLong(0);
            default: return PyErr_SetFromErrno(PyExc_OSError);
        }
    }
    if (kinds.words != NULL) {
        count_answered((int)descriptor, (const unsigned char *)PyBytes_AsString(head), head_length + body_length);
    }
    if ((size_t)sent == whole) {
        return PyBool_FromLong(1);
    }
    PyObject *rest = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(whole - (size_t)sent));
    if (rest != NULL) {
        unsigned char *to = (unsigned char *)PyBytes_AsString(rest);
        size_t at = 0, skipped = (size_t)sent;
        if (skipped < parts[0].iov_len) {
            at = put(to, 0, (unsigned char *)parts[0].iov_base + skipped, parts[0].iov_len - skipped);
            skipped = 0;
        } else {
            skipped -= parts[0].iov_len;
        }
        if (message.msg_iovlen == 2) {
            put(to, at, content + skipped, body_length - skipped);
        }
    }
    return rest;
}

#endif
