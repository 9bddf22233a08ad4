/* The plain messages of a WebSocket that is lent to the worker (decision 115): what loomgate_worker/direct/messages.py does in
 * Python, with the same results.
 *
 *     read_messages(fd, before, most) -> (messages | None, rest, plain)
 *     frame(message) -> bytes
 *     write(fd, data) -> int
 *
 * Part of loomgate_direct.c, whose buffer and rules about the interpreter's lock it shares. What parses is apart from what makes
 * objects, so that it can be fuzzed alone.
 */
#ifndef LOOMGATE_MESSAGES_H
#define LOOMGATE_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MOST_MESSAGE_BYTES (64 * 1024)
#define MASK_BYTES 4
#define MOST_FRAME_HEADER_BYTES 10

enum { TEXT_FRAME = 0x81, BINARY_FRAME = 0x82 };

typedef enum { WHOLE_MESSAGE, MESSAGE_BEGUN, NO_PLAIN_MESSAGE } MessageParse;

typedef struct {
    bool text;
    size_t payload; /* where it begins, behind its mask */
    size_t length;
} PlainMessage;

/* The frame at `data`, of which there are `count` bytes, one at least. A message of more than `most` bytes isn't plain. */
static MessageParse parse_message(const unsigned char *data, size_t count, size_t most, PlainMessage *message) {
    if (data[0] != TEXT_FRAME && data[0] != BINARY_FRAME) {
        return NO_PLAIN_MESSAGE;
    }
    if (count < 2) {
        return MESSAGE_BEGUN;
    }
    if (data[1] < 0x80) {
        return NO_PLAIN_MESSAGE;
    }
    uint64_t length = data[1] & 0x7f;
    size_t at = 2;
    if (length > 125) {
        size_t size = length == 126 ? 2 : 8;
        if (count - at < size) {
            return MESSAGE_BEGUN;
        }
        length = 0;
        for (size_t i = 0; i < size; i++) {
            length = length << 8 | data[at++];
        }
        if (length < (size == 2 ? 126u : 0x10000u)) {
            return NO_PLAIN_MESSAGE;
        }
    }
    if (length > most) {
        return NO_PLAIN_MESSAGE;
    }
    if (count - at < MASK_BYTES || count - at - MASK_BYTES < length) {
        return MESSAGE_BEGUN;
    }
    message->text = data[0] == TEXT_FRAME;
    message->payload = at + MASK_BYTES;
    message->length = (size_t)length;
    return WHOLE_MESSAGE;
}

static void unmask(unsigned char *to, const unsigned char *payload, size_t length) {
    unsigned char key[8];
    memcpy(key, payload - MASK_BYTES, MASK_BYTES);
    memcpy(key + MASK_BYTES, key, MASK_BYTES);
    uint64_t keys, eight;
    memcpy(&keys, key, sizeof keys);
    size_t i = 0;
    for (; i + sizeof eight <= length; i += sizeof eight) {
        memcpy(&eight, payload + i, sizeof eight);
        eight ^= keys;
        memcpy(to + i, &eight, sizeof eight);
    }
    for (; i < length; i++) {
        to[i] = payload[i] ^ key[i % MASK_BYTES];
    }
}

/* What is ahead of a message of the server's: how many bytes. */
static size_t frame_header(unsigned char *to, bool text, uint64_t length) {
    to[0] = text ? TEXT_FRAME : BINARY_FRAME;
    if (length < 126) {
        to[1] = (unsigned char)length;
        return 2;
    }
    size_t size = length < 0x10000 ? 2 : 8;
    to[1] = size == 2 ? 126 : 127;
    for (size_t i = 0; i < size; i++) {
        to[2 + i] = (unsigned char)(length >> 8 * (size - 1 - i));
    }
    return 2 + size;
}

#ifdef Py_PYTHON_H

static unsigned char unmasked[MOST_MESSAGE_BYTES];

/* Text as str, the others as bytes. NULL without an exception: it is no UTF-8. */
static PyObject *message_object(const unsigned char *data, const PlainMessage *message) {
    unmask(unmasked, data + message->payload, message->length);
    if (!message->text) {
        return bytes_of(unmasked, message->length);
    }
    PyObject *text = PyUnicode_DecodeUTF8((const char *)unmasked, (Py_ssize_t)message->length, NULL);
    if (text == NULL && PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) {
        PyErr_Clear();
    }
    return text;
}

/* Takes the reference to the list. */
static PyObject *read_result(PyObject *list, const unsigned char *rest, size_t count, bool plain) {
    PyObject *bytes = list == NULL ? NULL : bytes_of(rest, count);
    PyObject *result = bytes == NULL ? NULL : PyTuple_New(3);
    if (result == NULL) {
        Py_XDECREF(list);
        Py_XDECREF(bytes);
        return NULL;
    }
    PyTuple_SetItem(result, 0, list);
    PyTuple_SetItem(result, 1, bytes);
    PyTuple_SetItem(result, 2, PyBool_FromLong(plain));
    return result;
}

/* `data` is a copy: what makes a list may run any code, which may read, too. */
static PyObject *messages_of(const unsigned char *data, size_t count, size_t most) {
    PyObject *list = PyList_New(0);
    size_t at = 0;
    bool plain = true;
    while (list != NULL && at < count) {
        PlainMessage message;
        MessageParse parsed = parse_message(data + at, count - at, most, &message);
        plain = parsed != NO_PLAIN_MESSAGE;
        if (parsed != WHOLE_MESSAGE) {
            break;
        }
        PyObject *object = message_object(data + at, &message);
        if (object == NULL && !PyErr_Occurred()) {
            plain = false;
            break;
        }
        if (object == NULL || PyList_Append(list, object) < 0) {
            Py_XDECREF(object);
            Py_DECREF(list);
            return NULL;
        }
        Py_DECREF(object);
        at += message.payload + message.length;
    }
    return read_result(list, data + at, count - at, plain);
}

static PyObject *read_messages(PyObject *Py_UNUSED(module), PyObject *args) {
    int64_t descriptor, most;
    PyObject *before = PyTuple_Size(args) == 3 ? PyTuple_GetItem(args, 1) : NULL;
    if (before == NULL || !PyBytes_Check(before)) {
        PyErr_SetString(PyExc_TypeError, "a descriptor, bytes and a number are needed");
        return NULL;
    }
    if (!whole_number(args, 0, &descriptor) || !is_descriptor(descriptor) || !whole_number(args, 2, &most)) {
        return NULL;
    }
    if (most < 0 || most > MOST_MESSAGE_BYTES) {
        PyErr_SetString(PyExc_ValueError, "messages of so many bytes aren't read");
        return NULL;
    }
    size_t kept = (size_t)PyBytes_Size(before);
    if (kept >= sizeof received) {
        PyErr_SetString(PyExc_ValueError, "more bytes were read before than are ever kept");
        return NULL;
    }
    memcpy(received, PyBytes_AsString(before), kept);
    ssize_t count;
    do {
        count = recv((int)descriptor, received + kept, sizeof received - kept, MSG_DONTWAIT);
    } while (count < 0 && errno == EINTR);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        return read_result(none(), received, 0, true);
    }
    if (count < 0 && errno != ECONNRESET && errno != ETIMEDOUT && errno != EPIPE) {
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    if (count <= 0) {
        PyObject *nothing = PyList_New(0);
        return read_result(nothing, (const unsigned char *)PyBytes_AsString(before), kept, false);
    }
    PyObject *data = bytes_of(received, kept + (size_t)count);
    if (data == NULL) {
        return NULL;
    }
    PyObject *result = messages_of((const unsigned char *)PyBytes_AsString(data), kept + (size_t)count, (size_t)most);
    Py_DECREF(data);
    return result;
}

static PyObject *frame_of(PyObject *Py_UNUSED(module), PyObject *args) {
    PyObject *message = PyTuple_Size(args) == 1 ? PyTuple_GetItem(args, 0) : NULL;
    bool text = message != NULL && PyUnicode_Check(message);
    if (!text && (message == NULL || !PyBytes_Check(message))) {
        PyErr_SetString(PyExc_TypeError, "a message is str or bytes");
        return NULL;
    }
    PyObject *payload = text ? PyUnicode_AsUTF8String(message) : message;
    if (payload == NULL) {
        return NULL;
    }
    size_t length = (size_t)PyBytes_Size(payload);
    unsigned char header[MOST_FRAME_HEADER_BYTES];
    size_t header_length = frame_header(header, text, length);
    PyObject *framed = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(header_length + length));
    if (framed != NULL) {
        unsigned char *to = (unsigned char *)PyBytes_AsString(framed);
        memcpy(to, header, header_length);
        memcpy(to + header_length, PyBytes_AsString(payload), length);
    }
    if (text) {
        Py_DECREF(payload);
    }
    return framed;
}

/* How much the socket has taken; -1 if the client has gone. */
static PyObject *write_bytes(PyObject *Py_UNUSED(module), PyObject *args) {
    int64_t descriptor;
    PyObject *data = PyTuple_Size(args) == 2 ? PyTuple_GetItem(args, 1) : NULL;
    if (data == NULL || !PyBytes_Check(data)) {
        PyErr_SetString(PyExc_TypeError, "a descriptor and bytes are needed");
        return NULL;
    }
    if (!whole_number(args, 0, &descriptor) || !is_descriptor(descriptor)) {
        return NULL;
    }
    size_t length = (size_t)PyBytes_Size(data);
    ssize_t sent;
    do {
        sent = send((int)descriptor, PyBytes_AsString(data), length, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        switch (errno) {
            case EAGAIN:
            case ENOBUFS:
            case ENOMEM: sent = 0; break;
            default: sent = -1; break;
        }
    }
    return PyLong_FromSsize_t(sent);
}

#endif

#endif
