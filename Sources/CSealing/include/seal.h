#ifndef RONDO_SEAL_H
#define RONDO_SEAL_H

#include <stddef.h>
#include <stdint.h>

/* One key with a cipher and a hash: contexts that keep the expanded key, and salts that are made ahead. For one thread
   at a time. It holds no copy of the key itself. */
struct rondo_seal;

/* The longest plain text and the longest sealed image that are taken: more than any datagram. */
enum { RONDO_SEAL_LONGEST = 1 << 16 };
enum { RONDO_SALT_LENGTH = 16 };

enum rondo_seal_problem {
    RONDO_SEAL_OK = 0,
    /* libcrypto.so.3 is not there, or not what it should be; rondo_crypto_failure() says more. */
    RONDO_SEAL_NO_LIBRARY = -1,
    /* libcrypto does not have the cipher or the hash: its configuration forbids them. */
    RONDO_SEAL_UNSUPPORTED = -2,
    RONDO_SEAL_NO_MEMORY = -3,
    /* The kernel gives no random bytes. */
    RONDO_SEAL_NO_RANDOM = -4,
    /* The key is shorter than the cipher's, or longer than 4096 bytes. */
    RONDO_SEAL_BAD_KEY = -5,
    /* libcrypto refused to work with what it has been given. */
    RONDO_SEAL_FAILED = -6,
    /* What is to be sealed is too long, or the place for the image too small. */
    RONDO_SEAL_NO_ROOM = -7,
    /* A received image whose length cannot be. */
    RONDO_OPEN_BAD_LENGTH = -8,
    /* Its hash is not that of the key: another key, or damaged or forged. */
    RONDO_OPEN_BAD_HASH = -9,
    /* Its hash is right, but what it was encrypted from was not filled up to blocks as it must be. */
    RONDO_OPEN_BAD_PADDING = -10,
};

/* What was last wrong with loading libcrypto, for people; never NULL. */
const char *rondo_crypto_failure(void);

/* `cipher_bits` is 0 (none), 128, 192 or 256; `hash` one of MD5, SHA1, SHA256, SHA384, SHA512. Loads libcrypto when it
   is the first. NULL with the problem set. */
struct rondo_seal *rondo_seal_new(
    int cipher_bits, const char *hash, const uint8_t *key, size_t key_length, enum rondo_seal_problem *problem);

/* Wipes and frees all that comes of the key. Takes NULL. */
void rondo_seal_free(struct rondo_seal *seal);

/* Writes the image of a plain text to `image`, which must not overlap it: salt, ciphertext, hash. `salt` is NULL for a
   fresh one, or RONDO_SALT_LENGTH bytes. Returns the image's length, or a problem. */
int rondo_seal(
    struct rondo_seal *seal, const uint8_t *salt, const uint8_t *plain, size_t length, uint8_t *image,
    size_t capacity);

/* Checks an image and decrypts it where it lies. Returns the plain text's length, which begins at `image` + `*start`,
   or a problem. Unless that is RONDO_OPEN_BAD_PADDING, a refused image is as it was. */
int rondo_open(struct rondo_seal *seal, uint8_t *image, size_t length, size_t *start);

#endif
