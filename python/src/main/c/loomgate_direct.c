/* The accelerator. In direct mode (docs/worker-protocol.md), a worker takes a connection, reads its packet and answers it in
 * one call each. What loomgate_worker/direct/packet.py does in Python, with the same results.
 *
 *     take(listener, base, max_header_bytes, max_header_count, max_body_bytes) -> None | (fd, data, environ, body)
 *     read(fd, base, max_header_bytes, max_header_count, max_body_bytes) -> (fd, data, environ, body)
 *     reply(fd, head, body) -> bool
 *
 * And over HTTP, on connections that go on, keeping.h:
 *
 *     read_http(fd, before, base, port, max_head_bytes, max_field_count, max_body_bytes, max_target_bytes)
 *         -> (data, scope, body)
 *     reply_http(fd, head, body) -> bool | bytes
 *
 * And for WebSockets, messages.h:
 *
 *     read_messages(fd, before, most) -> (messages | None, rest, plain)
 *     frame(message) -> bytes
 *     write(fd, data) -> int
 *
 * What they answer they also count, kinds.h, once this has been called with the scoreboard:
 *
 *     count_kinds(bounds, fd, offset, places) -> bool
 *
 * For every response, the usual case of start_response's work (loomgate_worker/wsgi/response.py):
 *
 *     join_head(status, headers) -> bytes | None
 *     is_whole(head, chunk) -> bool
 *
 * And in mode asyncio, which has a greenlet for each request, chunks.h:
 *
 *     keep_chunks() -> bool
 *
 * CPython's stable ABI, from 3.8 on: one file for all versions. Buffers are the process's. That is safe as the interpreter's lock
 * is held while one is in use; and it is held for good only where nothing that a finalizer could interrupt is called: what
 * makes a dict or a tuple may run the garbage collector, and so any program's code, which may switch threads. So these
 * are made before a buffer is filled or after it has been copied.
 */
#define Py_LIMITED_API 0x03080000
#define PY_SSIZE_T_CLEAN
#define _GNU_SOURCE
#include <Python.h>

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "chunks.h"
#include "kinds.h"
#include "plain.h"
#include "request.h"

/* A packet of the largest size, and a body of about as much. */
#define READ_BYTES (128 * 1024)

/* An empty socket buffer takes so much at once, if it has twice the room. */
#define MOST_REPLY_BYTES (96 * 1024)

/* A body that is copied behind its head costs less than a second part of the message. */
#define COPIED_BODY_BYTES 4096

static unsigned char received[READ_BYTES];
static Packet packet;
static unsigned char head_written[HTTP_HEAD_ROOM(MOST_REPLY_BYTES) + COPIED_BODY_BYTES];
static size_t most_reply_bytes;

static PyObject *name_objects[NAMES];
static PyObject *empty;
static PyObject *url_scheme;
static PyObject *localhost;
static PyObject *line_feed;
static PyObject *http;
static PyObject *https;

/* The last value of a variable that is the server's own. */
static struct {
    unsigned char bytes[64];
    size_t length;
    PyObject *text;
} cached[CACHED_NAMES];

static bool whole_number(PyObject *args, Py_ssize_t at, int64_t *number) {
    PyObject *given = PyTuple_GetItem(args, at);
    *number = given == NULL ? -1 : PyLong_AsLongLong(given);
    return *number != -1 || !PyErr_Occurred();
}

static bool is_descriptor(int64_t number) {
    if (number < 0 || number > INT32_MAX) {
        PyErr_Format(PyExc_ValueError, "%lld is no file descriptor", (long long)number);
        return false;
    }
    return true;
}

static PyObject *latin1(uint32_t at, uint32_t length, const unsigned char *data) {
    return PyUnicode_DecodeLatin1((const char *)data + at, (Py_ssize_t)length, NULL);
}

static PyObject *value_of(const Variable *variable, const unsigned char *data) {
    uint32_t length = variable->value_length;
    if (variable->name >= CACHED_NAMES || length > sizeof cached[0].bytes) {
        return latin1(variable->value, length, data);
    }
    const unsigned char *value = data + variable->value;
    if (cached[variable->name].text == NULL || cached[variable->name].length != length
        || memcmp(cached[variable->name].bytes, value, length) != 0) {
        PyObject *text = latin1(variable->value, length, data);
        if (text == NULL) {
            return NULL;
        }
        Py_XDECREF(cached[variable->name].text);
        cached[variable->name].text = text;
        cached[variable->name].length = length;
        memcpy(cached[variable->name].bytes, value, length);
    }
    Py_INCREF(cached[variable->name].text);
    return cached[variable->name].text;
}

/* The variables of `packet`, which is parsed. */
static bool fill(PyObject *environ, const unsigned char *data) {
    for (uint32_t i = 0; i < packet.count; i++) {
        const Variable *variable = &packet.variables[i];
        PyObject *value = value_of(variable, data);
        if (value == NULL) {
            return false;
        }
        int failed;
        if (variable->name != UNKNOWN) {
            failed = PyDict_SetItem(environ, name_objects[variable->name], value);
        } else {
            /* Not interned: clients choose these names, and some versions keep what is interned until the process ends. */
            PyObject *key = latin1(variable->key, variable->key_length, data);
            failed = key == NULL ? -1 : PyDict_SetItem(environ, key, value);
            Py_XDECREF(key);
        }
        Py_DECREF(value);
        if (failed) {
            return false;
        }
    }
    return (packet.has_server_name || PyDict_SetItem(environ, name_objects[NAME_SERVER_NAME], localhost) == 0)
           && (packet.has_script_name || PyDict_SetItem(environ, name_objects[NAME_SCRIPT_NAME], empty) == 0)
           && PyDict_SetItem(environ, url_scheme, packet.https ? https : http) == 0;
}

static PyObject *none(void) {
    Py_INCREF(Py_None);
    return Py_None;
}

/* Takes the references; NULL stands for None, or for a failure with its exception. */
static PyObject *result(int descriptor, PyObject *data, PyObject *environ, PyObject *body) {
    PyObject *made = PyErr_Occurred() ? NULL : PyTuple_New(4);
    PyObject *number = made == NULL ? NULL : PyLong_FromLong(descriptor);
    if (number == NULL) {
        Py_XDECREF(made);
        Py_XDECREF(data);
        Py_XDECREF(environ);
        Py_XDECREF(body);
        return NULL;
    }
    PyTuple_SetItem(made, 0, number);
    PyTuple_SetItem(made, 1, data == NULL ? none() : data);
    PyTuple_SetItem(made, 2, environ == NULL ? none() : environ);
    PyTuple_SetItem(made, 3, body == NULL ? none() : body);
    return made;
}

static PyObject *bytes_of(const unsigned char *at, size_t length) {
    return PyBytes_FromStringAndSize((const char *)at, (Py_ssize_t)length);
}

/* Reads once and parses. NULL with an exception: the descriptor is still open. */
static PyObject *read_packet(int descriptor, PyObject *base, const Limits *limits) {
    PyObject *environ = PyDict_Copy(base);
    if (environ == NULL) {
        return NULL;
    }
    ssize_t count;
    do {
        count = recv(descriptor, received, sizeof received, MSG_DONTWAIT);
    } while (count < 0 && errno == EINTR);
    if (count > HEADER_BYTES && count < (ssize_t)sizeof received
        && parse_packet(received, (size_t)count, limits, &packet)) {
        /* Two copies, so that the body isn't copied again for the program. */
        PyObject *data = bytes_of(received, packet.body);
        PyObject *body = data == NULL ? NULL : bytes_of(received + packet.body, (size_t)count - packet.body);
        if (kinds.words != NULL) {
            keep_asked(descriptor, received, &packet);
        }
        if (body != NULL && fill(environ, (const unsigned char *)PyBytes_AsString(data))) {
            return result(descriptor, data, environ, body);
        }
        Py_DECREF(environ);
        return result(descriptor, data, NULL, body);
    }
    int failure = errno;
    Py_DECREF(environ);
    if (count < 0) {
        errno = failure;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return result(descriptor, NULL, NULL, NULL);
        }
        if (errno != ECONNRESET) {
            return PyErr_SetFromErrno(PyExc_OSError);
        }
        count = 0;
    }
    return result(descriptor, bytes_of(received, (size_t)count), NULL, NULL);
}

#include "keeping.h"
#include "messages.h"

static bool read_arguments(PyObject *args, int64_t *descriptor, PyObject **base, Limits *limits) {
    if (PyTuple_Size(args) != 5) {
        PyErr_SetString(PyExc_TypeError, "a descriptor, a dict and three limits are needed");
        return false;
    }
    *base = PyTuple_GetItem(args, 1);
    if (!PyDict_Check(*base)) {
        PyErr_SetString(PyExc_TypeError, "the base of an environ must be a dict");
        return false;
    }
    return whole_number(args, 0, descriptor) && is_descriptor(*descriptor)
           && whole_number(args, 2, &limits->max_header_bytes) && whole_number(args, 3, &limits->max_header_count)
           && whole_number(args, 4, &limits->max_body_bytes);
}

static PyObject *take(PyObject *Py_UNUSED(module), PyObject *args) {
    int64_t listener;
    PyObject *base;
    Limits limits;
    if (!read_arguments(args, &listener, &base, &limits)) {
        return NULL;
    }
    int descriptor;
    while ((descriptor = accept4((int)listener, NULL, NULL, SOCK_CLOEXEC)) < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ECONNABORTED) {
            return none();
        }
        if (errno != EINTR) {
            return PyErr_SetFromErrno(PyExc_OSError);
        }
        if (PyErr_CheckSignals() < 0) {
            return NULL;
        }
    }
    PyObject *taken = read_packet(descriptor, base, &limits);
    if (taken == NULL) {
        close(descriptor);
    }
    return taken;
}

static PyObject *read_again(PyObject *Py_UNUSED(module), PyObject *args) {
    int64_t descriptor;
    PyObject *base;
    Limits limits;
    if (!read_arguments(args, &descriptor, &base, &limits)) {
        return NULL;
    }
    return read_packet((int)descriptor, base, &limits);
}

/* Finds what fits an empty socket buffer for sure. The kernel's setting is the same for all connections. */
static bool find_most_reply_bytes(int descriptor) {
    int room = 0;
    socklen_t size = sizeof room;
    if (getsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &room, &size) < 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return false;
    }
    /* The kernel sends so much in one piece. */
    room = room / 2 - 64;
    most_reply_bytes = room < 1 ? 1 : room < MOST_REPLY_BYTES ? (size_t)room : MOST_REPLY_BYTES;
    return true;
}

/* What should not happen: the rest of a reply, while the client takes its time. Other threads run, so it is a copy. Without
 * memory for that, the client gets no more: it sees by Content-Length that something is missing. */
static void send_rest(int descriptor, const struct iovec *parts, int count, size_t sent) {
    size_t length = 0;
    for (int i = 0; i < count; i++) {
        length += parts[i].iov_len;
    }
    unsigned char *rest = PyMem_Malloc(length);
    if (rest == NULL) {
        return;
    }
    size_t copied = 0;
    for (int i = 0; i < count; i++) {
        copied = put(rest, copied, parts[i].iov_base, parts[i].iov_len);
    }
    Py_BEGIN_ALLOW_THREADS;
    while (sent < length) {
        struct pollfd wanted = {.fd = descriptor, .events = POLLOUT};
        ssize_t more = send(descriptor, rest + sent, length - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (more >= 0) {
            sent += (size_t)more;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            poll(&wanted, 1, -1);
        } else if (errno != EINTR) {
            /* The client is gone. */
            break;
        }
    }
    Py_END_ALLOW_THREADS;
    PyMem_Free(rest);
}

static PyObject *reply(PyObject *Py_UNUSED(module), PyObject *args) {
    int64_t number;
    PyObject *head = PyTuple_Size(args) == 3 ? PyTuple_GetItem(args, 1) : NULL;
    PyObject *body = head == NULL ? NULL : PyTuple_GetItem(args, 2);
    if (body == NULL || !PyBytes_Check(head) || !PyBytes_Check(body)) {
        PyErr_SetString(PyExc_TypeError, "a descriptor, a head and a body as bytes are needed");
        return NULL;
    }
    if (!whole_number(args, 0, &number) || !is_descriptor(number)) {
        return NULL;
    }
    int descriptor = (int)number;
    size_t head_length = (size_t)PyBytes_Size(head);
    size_t body_length = (size_t)PyBytes_Size(body);
    if (most_reply_bytes == 0 && !find_most_reply_bytes(descriptor)) {
        return NULL;
    }
    size_t most = most_reply_bytes;
    if (head_length > most || body_length > most - head_length) {
        return PyBool_FromLong(0);
    }
    size_t written = write_head((const unsigned char *)PyBytes_AsString(head), head_length, body_length, head_written);
    if (written == 0 || written > most - body_length) {
        return PyBool_FromLong(0);
    }
    struct iovec parts[2] = {{head_written, written}, {PyBytes_AsString(body), body_length}};
    int count = 2;
    ssize_t sent;
    if (body_length <= COPIED_BODY_BYTES) {
        parts[0].iov_len = put(head_written, written, parts[1].iov_base, body_length);
        parts[1].iov_len = 0;
        count = 1;
    }
    do {
        if (count == 1) {
            sent = send(descriptor, head_written, parts[0].iov_len, MSG_NOSIGNAL | MSG_DONTWAIT);
        } else {
            struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
            sent = sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        }
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        switch (errno) {
            case EPIPE:
            case ECONNRESET:
            case ENOTCONN: sent = (ssize_t)(written + body_length); break;
            case EAGAIN: sent = 0; break;
            /* The kernel is short of memory, and nothing is written. */
            case ENOBUFS:
            case ENOMEM: return PyBool_FromLong(0);
            default: return PyErr_SetFromErrno(PyExc_OSError);
        }
    }
    if ((size_t)sent < written + body_length) {
        send_rest(descriptor, parts, count, (size_t)sent);
    }
    if (kinds.words != NULL) {
        count_answered(descriptor, (const unsigned char *)PyBytes_AsString(head), head_length + body_length);
    }
    close(descriptor);
    return PyBool_FromLong(1);
}

/* False where the memory can't be mapped. Once in a process. */
static PyObject *count_kinds(PyObject *Py_UNUSED(module), PyObject *args) {
    int64_t descriptor, offset, places;
    PyObject *bounds = PyTuple_Size(args) == 4 ? PyTuple_GetItem(args, 0) : NULL;
    Py_ssize_t count = bounds == NULL || !PyTuple_Check(bounds) ? -1 : PyTuple_Size(bounds);
    if (count < 0 || count > MOST_BOUNDS) {
        PyErr_Format(PyExc_TypeError, "a tuple of at most %d bounds, a descriptor, an offset and a number are needed", MOST_BOUNDS);
        return NULL;
    }
    if (!whole_number(args, 1, &descriptor) || !is_descriptor(descriptor) || !whole_number(args, 2, &offset)
        || !whole_number(args, 3, &places)) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!whole_number(bounds, i, &kinds.bounds[i])) {
            return NULL;
        }
    }
    kinds.bound_count = (uint32_t)count;
    return PyBool_FromLong(places > 0 && map_kinds((int)descriptor, (off_t)offset, (uint32_t)places));
}

/* Status and fields with line feeds between; a new reference, or NULL without an exception where they aren't plain. */
static PyObject *joined(PyObject *status, PyObject *headers) {
    Py_ssize_t count = PyList_Size(headers);
    PyObject *parts = PyList_New(1 + 2 * count);
    if (parts == NULL) {
        return NULL;
    }
    Py_INCREF(status);
    PyList_SetItem(parts, 0, status);
    for (Py_ssize_t i = 0; i < count; i++) {
        /* What made the list may have run any code: it is looked at again. */
        PyObject *field = PyList_GetItem(headers, i);
        bool is_pair = field != NULL && PyTuple_CheckExact(field) && PyTuple_Size(field) == 2;
        for (int j = 0; j < 2; j++) {
            PyObject *part = is_pair ? PyTuple_GetItem(field, j) : Py_None;
            Py_INCREF(part);
            PyList_SetItem(parts, 1 + 2 * i + j, part);
        }
    }
    PyObject *text = PyUnicode_Join(line_feed, parts);
    Py_DECREF(parts);
    PyObject *head = text == NULL ? NULL : PyUnicode_AsLatin1String(text);
    Py_XDECREF(text);
    if (head == NULL) {
        return NULL;
    }
    char *bytes;
    Py_ssize_t length;
    Py_ssize_t lines = 0;
    bool plain = PyBytes_AsStringAndSize(head, &bytes, &length) == 0 && length >= 3;
    for (Py_ssize_t i = 0; plain && i < length; i++) {
        lines += bytes[i] == '\n';
        plain = bytes[i] != '\r' && bytes[i] != 0 && (i > 2 || (bytes[i] >= '0' && bytes[i] <= '9'));
    }
    if (!plain || lines != 2 * count || (length > 3 && bytes[3] != ' ' && bytes[3] != '\n')) {
        Py_DECREF(head);
        return NULL;
    }
    return head;
}

static PyObject *join_head(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *status = PyTuple_GetItem(args, 0);
    PyObject *headers = status == NULL ? NULL : PyTuple_GetItem(args, 1);
    if (headers == NULL) {
        return NULL;
    }
    PyObject *head = PyList_CheckExact(headers) ? joined(status, headers) : NULL;
    if (head == NULL) {
        /* Python's code says what is wrong, if anything is. */
        PyErr_Clear();
        return none();
    }
    return head;
}

static PyObject *is_whole(PyObject *Py_UNUSED(module), PyObject *args) {
    char *head;
    Py_ssize_t length;
    PyObject *given = PyTuple_GetItem(args, 0);
    PyObject *chunk = given == NULL ? NULL : PyTuple_GetItem(args, 1);
    if (chunk == NULL || PyBytes_AsStringAndSize(given, &head, &length) < 0) {
        return NULL;
    }
    Py_ssize_t size = PyBytes_Size(chunk);
    return size < 0 ? NULL : PyBool_FromLong(declared_length((unsigned char *)head, (size_t)length) == size);
}

static PyObject *keep_chunks(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(none)) {
    return PyBool_FromLong(keep_chunks_from_now_on());
}

static int execute(PyObject *Py_UNUSED(module)) {
    if (empty != NULL) {
        return 0;
    }
    prepare();
    for (int i = 0; i < NAMES; i++) {
        if ((name_objects[i] = PyUnicode_InternFromString(known_names[i].text)) == NULL) {
            return -1;
        }
    }
    url_scheme = PyUnicode_InternFromString("wsgi.url_scheme");
    localhost = PyUnicode_InternFromString("localhost");
    line_feed = PyUnicode_InternFromString("\n");
    http = PyUnicode_InternFromString("http");
    https = PyUnicode_InternFromString("https");
    if (url_scheme == NULL || localhost == NULL || line_feed == NULL || http == NULL || https == NULL) {
        return -1;
    }
    if (!prepare_keeping()) {
        return -1;
    }
    return (empty = PyUnicode_InternFromString("")) == NULL ? -1 : 0;
}

static PyMethodDef functions[] = {
    {"take", take, METH_VARARGS, "Accepts a connection and reads its packet."},
    {"read", read_again, METH_VARARGS, "Reads the packet of a connection that was accepted before."},
    {"reply", reply, METH_VARARGS, "Answers and closes; False where the JVM must decide how."},
    {"read_http", read_http, METH_VARARGS, "Reads a request of a connection that goes on."},
    {"reply_http", reply_http, METH_VARARGS, "Answers; False where the JVM must decide how, bytes where some are left."},
    {"read_messages", read_messages, METH_VARARGS, "Reads the plain messages of a WebSocket."},
    {"frame", frame_of, METH_VARARGS, "A message of a WebSocket as its client gets it."},
    {"write", write_bytes, METH_VARARGS, "Writes without waiting: how much the socket has taken."},
    {"count_kinds", count_kinds, METH_VARARGS, "Has requests counted by kinds, in the scoreboard."},
    {"join_head", join_head, METH_VARARGS, "A response's head as frames have it; None where it isn't plain."},
    {"is_whole", is_whole, METH_VARARGS, "Whether a head's Content-Length is that of a chunk."},
    {"keep_chunks", keep_chunks, METH_NOARGS, "Keeps what greenlets that have ended had for their frames, for the next ones."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_loomgate_direct", "The accelerator of direct mode.", 0, functions, slots, NULL, NULL, NULL,
};

/* Python 3.8's own macro has no visibility. */
__attribute__((visibility("default"))) PyMODINIT_FUNC PyInit__loomgate_direct(void) {
    return PyModuleDef_Init(&definition);
}
