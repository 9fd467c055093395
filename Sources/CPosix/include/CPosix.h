#ifndef RONDO_CPOSIX_H
#define RONDO_CPOSIX_H
#endif
