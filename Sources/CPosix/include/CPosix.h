#ifndef RONDO_CPOSIX_H
#define RONDO_CPOSIX_H

/* What Swift's Glibc module does not show, because it needs _GNU_SOURCE, a header outside the module, or a macro that
   cannot be imported. Nothing here decides anything. */

#include "datagrams.h"
#include "echo.h"
#include "events.h"
#include "local-sockets.h"
#include "process.h"
#include "rings.h"

#endif
