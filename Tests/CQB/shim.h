#include <qb/qbipcc.h>
