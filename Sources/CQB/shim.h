#include <qb/qbipcs.h>
#include <qb/qbloop.h>
#include <qb/qblog.h>
