/** What the bootloader does at each start. */
#pragma once
#include <stdbool.h>

/**
 * Finishes a change-over that was cut short, begins one that is wanted or needed, and counts a start on trial.
 * Returns whether there is a firmware to run.
 */
bool boot_prepare(void);
