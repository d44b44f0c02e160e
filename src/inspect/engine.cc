// The contracts of this folder compile alone.
#include "inspect/engine.h"
#include "inspect/leaf_scanner.h"
