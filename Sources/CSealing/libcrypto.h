#ifndef RONDO_LIBCRYPTO_H
#define RONDO_LIBCRYPTO_H

#include <stddef.h>

/* What is used of libcrypto 3, as its manual pages EVP_EncryptInit(3) and EVP_DigestInit(3) have it. Every object is
   opaque, so that names and types of functions are all that is taken over. */

typedef struct evp_cipher_st EVP_CIPHER;
typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;
typedef struct evp_md_st EVP_MD;
typedef struct evp_md_ctx_st EVP_MD_CTX;

struct rondo_libcrypto {
    EVP_CIPHER *(*EVP_CIPHER_fetch)(void *context, const char *name, const char *properties);
    void (*EVP_CIPHER_free)(EVP_CIPHER *);
    EVP_CIPHER_CTX *(*EVP_CIPHER_CTX_new)(void);
    void (*EVP_CIPHER_CTX_free)(EVP_CIPHER_CTX *);
    int (*EVP_CipherInit_ex2)(
        EVP_CIPHER_CTX *, const EVP_CIPHER *, const unsigned char *key, const unsigned char *iv, int encrypts,
        const void *parameters);
    int (*EVP_CipherUpdate)(EVP_CIPHER_CTX *, unsigned char *out, int *count, const unsigned char *in, int length);
    int (*EVP_CipherFinal_ex)(EVP_CIPHER_CTX *, unsigned char *out, int *count);

    EVP_MD *(*EVP_MD_fetch)(void *context, const char *name, const char *properties);
    void (*EVP_MD_free)(EVP_MD *);
    int (*EVP_MD_get_size)(const EVP_MD *);
    int (*EVP_MD_get_block_size)(const EVP_MD *);
    EVP_MD_CTX *(*EVP_MD_CTX_new)(void);
    void (*EVP_MD_CTX_free)(EVP_MD_CTX *);
    int (*EVP_MD_CTX_copy_ex)(EVP_MD_CTX *to, const EVP_MD_CTX *from);
    int (*EVP_DigestInit_ex)(EVP_MD_CTX *, const EVP_MD *, void *engine);
    int (*EVP_DigestUpdate)(EVP_MD_CTX *, const void *bytes, size_t length);
    int (*EVP_DigestFinal_ex)(EVP_MD_CTX *, unsigned char *digest, unsigned int *length);

    int (*CRYPTO_memcmp)(const void *, const void *, size_t length);
    void (*ERR_clear_error)(void);
};

/* The functions of libcrypto.so.3, loaded by the first call that succeeds; NULL when it cannot be. */
const struct rondo_libcrypto *rondo_libcrypto(void);

#endif
