#include "../src/hardware.h"
#include "../src/image.h"

#ifndef PANEL_VERSION
#define PANEL_VERSION 1, 0, 0
#endif

/** Its section is the first behind the vectors; host/seal.c fills in the length and fails if it stands elsewhere. */
__attribute__((section(".progmem.gcc_descriptor"), used)) const struct descriptor own_descriptor = {
    .magic = DESCRIPTOR_MAGIC,
    .hardware = PANEL_HARDWARE,
    .version = {PANEL_VERSION},
};
