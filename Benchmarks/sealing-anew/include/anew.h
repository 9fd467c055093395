#ifndef RONDO_ANEW_H
#define RONDO_ANEW_H

#include <stddef.h>
#include <stdint.h>

/* Sealing as a library does that keeps no contexts: for each packet a cipher context with the key, a salt and a MAC context
   with the key. For measuring only. `cipher` is NULL for none. 0 when libcrypto cannot do it. */
int rondo_anew_begin(const char *cipher, const char *hash);

/* The image's length, or 0. */
size_t rondo_anew_seal(const uint8_t *key, size_t key_length, const uint8_t *plain, size_t length, uint8_t *image);

/* The plain text's length, or 0. */
size_t rondo_anew_open(const uint8_t *key, size_t key_length, uint8_t *image, size_t length, size_t hash_length);

#endif
