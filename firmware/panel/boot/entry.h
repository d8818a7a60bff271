/** What the bootloader does for the firmware. */
#pragma once
#include <stdint.h>

/** Its address in bytes: the last 16 of the flash. */
#define BOOT_ENTRY 0x7FF0u

/**
 * Replaces a page, takes 9 ms. Interrupts are off, as those of the firmware cannot run meanwhile. Only pages of the
 * other firmware are written: one gone astray cannot spoil itself or the bootloader.
 */
typedef void boot_write_page(uint8_t page, const uint8_t *bytes);
