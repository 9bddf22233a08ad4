/* Keeps the pieces of memory in which CPython 3.11 and later have the frames of a thread or greenlet: 16 KiB for each, by mmap
 * when it starts and munmap when it ends. That is most of what a short greenlet costs (7 us, of which these are 5).
 *
 * They come from the interpreter's allocator for arenas, which takes another allocator at any time: this one, in front of it.
 */
#ifndef LOOMGATE_CHUNKS_H
#define LOOMGATE_CHUNKS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Of CPython's, since 3.4, but not of its stable ABI. */
typedef struct {
    void *context;
    void *(*allocate)(void *context, size_t size);
    void (*release)(void *context, void *memory, size_t size);
} ArenaAllocator;

extern void PyObject_GetArenaAllocator(ArenaAllocator *allocator) __attribute__((weak));
extern void PyObject_SetArenaAllocator(ArenaAllocator *allocator) __attribute__((weak));

/* DATA_STACK_CHUNK_SIZE in CPython's pystate.c. Where it is another one, nothing is kept. */
#define CHUNK_BYTES (16 * 1024)
#define MOST_CHUNKS 256

static ArenaAllocator arenas;
static void *chunks[MOST_CHUNKS];
static size_t chunk_count;
/* A thread may end without the interpreter's lock. */
static atomic_flag chunks_are_used = ATOMIC_FLAG_INIT;

static void lock_chunks(void) {
    while (atomic_flag_test_and_set_explicit(&chunks_are_used, memory_order_acquire)) {
    }
}

static void unlock_chunks(void) {
    atomic_flag_clear_explicit(&chunks_are_used, memory_order_release);
}

static void *allocate_chunk(void *Py_UNUSED(context), size_t size) {
    if (size == CHUNK_BYTES) {
        lock_chunks();
        void *chunk = chunk_count == 0 ? NULL : chunks[--chunk_count];
        unlock_chunks();
        if (chunk != NULL) {
            return chunk;
        }
    }
    return arenas.allocate(arenas.context, size);
}

static void release_chunk(void *Py_UNUSED(context), void *memory, size_t size) {
    if (size == CHUNK_BYTES) {
        lock_chunks();
        bool kept = chunk_count < MOST_CHUNKS;
        if (kept) {
            chunks[chunk_count++] = memory;
        }
        unlock_chunks();
        if (kept) {
            return;
        }
    }
    arenas.release(arenas.context, memory, size);
}

/* From now on. Whether this interpreter has such an allocator. */
static bool keep_chunks_from_now_on(void) {
    if (arenas.allocate != NULL) {
        return true;
    }
    if (PyObject_GetArenaAllocator == NULL || PyObject_SetArenaAllocator == NULL) {
        return false;
    }
    PyObject_GetArenaAllocator(&arenas);
    ArenaAllocator keeping = {NULL, allocate_chunk, release_chunk};
    PyObject_SetArenaAllocator(&keeping);
    return true;
}

#endif
