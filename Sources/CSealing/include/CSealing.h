#ifndef RONDO_CSEALING_H
#define RONDO_CSEALING_H

/* The unsafe side of the room Sealing: OpenSSL's libcrypto and the compression libraries, opened by their sonames when
   they are wanted, and memory for secrets. Lengths are checked here once more, whatever the caller has checked. */

#include "compression.h"
#include "seal.h"
#include "secret.h"

#endif
