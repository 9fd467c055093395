#ifndef MEDDLE_H
#define MEDDLE_H

/* Has so many programs use the daemon and change what they share with it, one after the other, each for some milliseconds;
   says how many came so far.

   `what`: words of headers, data, lengths of files, holes in files, paths in headers, sizes of requests that are being read, or bytes in sockets. */
void meddle(const char *what, int count, int milliseconds);

#endif
