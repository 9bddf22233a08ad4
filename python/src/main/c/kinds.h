/* Counts the requests that are answered here, by kinds, as loomgate_worker/direct/kinds.py does: for metrics. The JVM reads the
 * counts in the scoreboard (docs/worker-protocol.md), while they are written: each word by one store.
 *
 * No Python. What is asked is kept by the connection's descriptor, from its packet to its response.
 */
#ifndef LOOMGATE_KINDS_H
#define LOOMGATE_KINDS_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "plain.h"

#define KIND_BYTES 256
#define KIND_WORDS (KIND_BYTES / 8)
#define KIND_NAME_AT 168
#define MOST_KINDS 255
#define MOST_BOUNDS 18
#define METHODS 6
#define PROTOCOLS 6
#define STATUSES 1000

/* Those that are plain, and the protocols that metrics know; the last one stands for all others. */
static const char *const method_names[METHODS] = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
static const char *const protocol_names[PROTOCOLS] = {"HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "_OTHER"};

typedef struct {
    int64_t since; /* nanoseconds of CLOCK_MONOTONIC; 0 where nothing is asked */
    uint8_t method;
    uint8_t protocol;
    bool https;
} Asked;

static struct {
    uint64_t *words; /* NULL where nothing is counted */
    uint32_t places;
    uint32_t used;
    uint32_t bound_count;
    int64_t bounds[MOST_BOUNDS];
    uint8_t found[METHODS][PROTOCOLS][2][STATUSES]; /* a place, from 1 on */
    Asked *asked;
    size_t asked_count;
} kinds;

static int64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Maps the places, which begin at `offset` of the scoreboard. */
static bool map_kinds(int descriptor, off_t offset, uint32_t places) {
    void *mapped = mmap(NULL, (size_t)places * KIND_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, offset);
    if (mapped == MAP_FAILED) {
        return false;
    }
    kinds.words = mapped;
    kinds.places = places < MOST_KINDS ? places : MOST_KINDS;
    return true;
}

static uint8_t number_of(const unsigned char *text, size_t length, const char *const *names, int last) {
    int number = 0;
    while (number < last && !is_text(text, length, names[number])) {
        number++;
    }
    return (uint8_t)number;
}

/* What is asked on a connection; NULL without memory for it. */
static Asked *asked_on(int descriptor) {
    if ((size_t)descriptor >= kinds.asked_count) {
        size_t count = ((size_t)descriptor + 1) * 2;
        Asked *more = realloc(kinds.asked, count * sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        memset(more + kinds.asked_count, 0, (count - kinds.asked_count) * sizeof *more);
        kinds.asked = more;
        kinds.asked_count = count;
    }
    return &kinds.asked[descriptor];
}

/* A request has come on this connection. Without memory for it, it isn't counted. */
static void keep_asked(int descriptor, const unsigned char *data, const Packet *of) {
    Asked *asked = asked_on(descriptor);
    if (asked == NULL) {
        return;
    }
    asked->https = of->https;
    asked->since = nanoseconds();
    for (uint32_t i = 0; i < of->count; i++) {
        const Variable *variable = &of->variables[i];
        const unsigned char *value = data + variable->value;
        if (variable->name == NAME_REQUEST_METHOD) {
            asked->method = number_of(value, variable->value_length, method_names, METHODS - 1);
        } else if (variable->name == NAME_SERVER_PROTOCOL) {
            asked->protocol = number_of(value, variable->value_length, protocol_names, PROTOCOLS - 1);
        }
    }
}

/* The same of a request of HTTP/1.1 without TLS. */
static void keep_asked_http(int descriptor, const unsigned char *method, size_t method_length) {
    Asked *asked = asked_on(descriptor);
    if (asked != NULL) {
        *asked = (Asked){nanoseconds(), number_of(method, method_length, method_names, METHODS - 1), 0, false};
    }
}

/* The place of a kind that is new; the last one is for all that there is no place for. */
static uint8_t new_place(const Asked *asked, int status) {
    char name[KIND_BYTES - KIND_NAME_AT];
    uint32_t place = kinds.used;
    if (place + 1 < kinds.places) {
        snprintf(name, sizeof name, "%s %03d %s %s", method_names[asked->method], status, protocol_names[asked->protocol],
                 asked->https ? "https" : "http");
        kinds.used++;
    } else {
        snprintf(name, sizeof name, "_OTHER 0 _OTHER http");
        place = kinds.places - 1;
    }
    memcpy((char *)(kinds.words + place * KIND_WORDS) + KIND_NAME_AT, name, strlen(name));
    return (uint8_t)(place + 1);
}

static void add(uint64_t *word, uint64_t more) {
    __atomic_store_n(word, *word + more, __ATOMIC_RELAXED);
}

/* The request on this connection has been answered. `head` begins with a status of three digits. */
static void count_answered(int descriptor, const unsigned char *head, size_t sent) {
    if ((size_t)descriptor >= kinds.asked_count || kinds.asked[descriptor].since == 0) {
        return;
    }
    Asked *asked = &kinds.asked[descriptor];
    int status = (head[0] - '0') * 100 + (head[1] - '0') * 10 + (head[2] - '0');
    uint8_t *found = &kinds.found[asked->method][asked->protocol][asked->https][status];
    if (*found == 0) {
        *found = new_place(asked, status);
    }
    uint64_t *kind = kinds.words + (*found - 1) * KIND_WORDS;
    int64_t nanos = nanoseconds() - asked->since;
    asked->since = 0;
    uint32_t within = 0;
    while (within < kinds.bound_count && nanos > kinds.bounds[within]) {
        within++;
    }
    add(kind, sent);
    add(kind + 1, (uint64_t)nanos);
    add(kind + 2 + within, 1);
}

#endif
