#include "models.h"

#include <pthread.h>
#include <stdlib.h>

struct rondo_codec {
    const struct rondo_codec_kind *kind;
    void *memory;
};

static const struct rondo_codec_kind *kinds[] = {
    NULL, &rondo_zlib, &rondo_lz4, &rondo_lz4hc, &rondo_lzo2, &rondo_lzma, &rondo_bzip2, &rondo_zstd,
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_loaded[RONDO_COUNT(kinds)];

static int load(size_t number, char *failure, size_t failure_size) {
    const struct rondo_codec_kind *kind = kinds[number];
    pthread_mutex_lock(&lock);
    if (!is_loaded[number]) {
        is_loaded[number] =
            rondo_load_library(
                kind->soname, kind->symbols, kind->symbol_count, kind->functions, failure, failure_size) &&
            (kind->begin == NULL || kind->begin());
    }
    int is_there = is_loaded[number];
    pthread_mutex_unlock(&lock);
    return is_there;
}

struct rondo_codec *rondo_codec_new(
    enum rondo_model model, enum rondo_compression_problem *problem, char *failure, size_t failure_size) {
    if (failure_size > 0) failure[0] = 0;
    if (model < RONDO_ZLIB || model > RONDO_ZSTD || !load((size_t)model, failure, failure_size)) {
        *problem = RONDO_COMPRESSION_NO_LIBRARY;
        return NULL;
    }
    struct rondo_codec *codec = calloc(1, sizeof *codec);
    if (codec != NULL) {
        codec->kind = kinds[model];
        codec->memory = codec->kind->new != NULL ? codec->kind->new() : NULL;
    }
    if (codec == NULL || (codec->kind->new != NULL && codec->memory == NULL)) {
        free(codec);
        *problem = RONDO_COMPRESSION_NO_MEMORY;
        return NULL;
    }
    *problem = RONDO_COMPRESSION_OK;
    return codec;
}

void rondo_codec_free(struct rondo_codec *codec) {
    if (codec == NULL) return;
    if (codec->memory != NULL) codec->kind->free(codec->memory);
    free(codec);
}

int rondo_compress(
    struct rondo_codec *codec, int level, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    if (length == 0 || length > RONDO_COMPRESSION_LONGEST || capacity == 0) return RONDO_COMPRESSION_NO_ROOM;
    if (capacity > RONDO_COMPRESSION_LONGEST) capacity = RONDO_COMPRESSION_LONGEST;
    return codec->kind->compress(codec->memory, level, in, length, out, capacity);
}

int rondo_decompress(struct rondo_codec *codec, const uint8_t *in, size_t length, uint8_t *out, size_t capacity) {
    if (length == 0 || length > RONDO_COMPRESSION_LONGEST) return RONDO_COMPRESSION_MALFORMED;
    if (capacity == 0) return RONDO_COMPRESSION_NO_ROOM;
    if (capacity > RONDO_COMPRESSION_LONGEST) capacity = RONDO_COMPRESSION_LONGEST;
    return codec->kind->decompress(codec->memory, in, length, out, capacity);
}
