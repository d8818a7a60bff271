/** Where the panel is between two firmwares; kept in the EEPROM, read and written by firmware and bootloader. */
#pragma once
#include <stdint.h>

enum journal_phase {
    /** One firmware, proven. */
    JOURNAL_SETTLED = 0,
    /** It runs, but has not proven itself; index: how often it was started. */
    JOURNAL_TRIAL = 1,
    /** As settled; the update before did not prove itself. */
    JOURNAL_UNDONE = 2,
    /** The other firmware is whole and wanted. */
    JOURNAL_ORDERED = 3,
    /** The three steps of changing over, boot/swap.c; index: the page that comes next. */
    JOURNAL_SHIFT = 4,
    JOURNAL_TAKE = 5,
    JOURNAL_KEEP = 6,
    /** Added to the steps when they bring the firmware before back. */
    JOURNAL_UNDOING = 0x80,
};

struct journal {
    uint8_t phase, index;
    /** Pages that change places. */
    uint8_t pages;
};

/** Settled when nothing was ever written. */
struct journal journal_read(void);
void journal_write(struct journal journal);
