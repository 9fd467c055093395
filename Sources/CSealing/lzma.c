#include "models.h"

/* .xz streams without an integrity check (lzma/container.h); the hash of the packet is one. */

enum { LZMA_OK = 0, LZMA_MEM_ERROR = 5, LZMA_MEMLIMIT_ERROR = 6, LZMA_OPTIONS_ERROR = 8, LZMA_BUF_ERROR = 10 };
enum { LZMA_CHECK_NONE = 0 };

/* What the decoder may take: a stream of preset 9, which is the largest that there is, says that it wants a window of
   64 MiB, however short it is. Of that only as much is ever touched as there is of plain text. */
static const uint64_t memory_limit = 66u << 20;

static struct lzma {
    int (*lzma_easy_buffer_encode)(
        uint32_t preset, int check, const void *allocator, const uint8_t *in, size_t length, uint8_t *out,
        size_t *position, size_t capacity);
    int (*lzma_stream_buffer_decode)(
        uint64_t *memory_limit, uint32_t flags, const void *allocator, const uint8_t *in, size_t *in_position,
        size_t length, uint8_t *out, size_t *position, size_t capacity);
} lzma;

static const struct rondo_symbol symbols[] = {
    RONDO_SYMBOL(struct lzma, lzma_easy_buffer_encode),
    RONDO_SYMBOL(struct lzma, lzma_stream_buffer_decode),
};

static int compress_stream(
    void *memory, int level, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    (void)memory;
    size_t position = 0;
    switch (lzma.lzma_easy_buffer_encode(
        (uint32_t)level, LZMA_CHECK_NONE, NULL, in, length, out, &position, capacity)) {
    case LZMA_OK: return (int)position;
    case LZMA_OPTIONS_ERROR: return RONDO_COMPRESSION_BAD_LEVEL;
    case LZMA_MEM_ERROR: return RONDO_COMPRESSION_NO_MEMORY;
    default: return RONDO_COMPRESSION_NO_ROOM;
    }
}

static int decompress_stream(void *memory, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    (void)memory;
    uint64_t limit = memory_limit;
    size_t in_position = 0, position = 0;
    switch (lzma.lzma_stream_buffer_decode(
        &limit, 0, NULL, in, &in_position, length, out, &position, capacity)) {
    case LZMA_OK: return (int)position;
    case LZMA_MEM_ERROR: return RONDO_COMPRESSION_NO_MEMORY;
    case LZMA_BUF_ERROR: return RONDO_COMPRESSION_NO_ROOM;
    default: return RONDO_COMPRESSION_MALFORMED;
    }
}

const struct rondo_codec_kind rondo_lzma = {
    .soname = "liblzma.so.5",
    .symbols = symbols,
    .symbol_count = RONDO_COUNT(symbols),
    .functions = &lzma,
    .compress = compress_stream,
    .decompress = decompress_stream,
};
