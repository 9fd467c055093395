#ifndef CROWD_H
#define CROWD_H

#include "client.h"

/* Programs that share a node: some send as fast as they are let, some pause, some are frozen or killed in the middle of a call.

   `press MS SIZE`: joins the group `crowd` and sends messages of so many bytes for so long, reading what comes.
   `pause BEFORE MS AFTER`: joins it, reads for BEFORE ms, sleeps for MS ms, and reads again for AFTER ms.
   `break COUNT`: has so many programs use all services, one after the other, and freezes or kills each at another moment.
   `late MS`: asks with a wake-up byte that comes so much later.

   Returns 0 when the call is none of these. */
int crowd_call(const struct call *call);

#endif
