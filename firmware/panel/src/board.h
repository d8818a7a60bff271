/**
 * What the logic asks of the board it runs on. The firmware, the bootloader and the tests on the host each bring their
 * own.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

uint8_t board_eeprom_byte(uint16_t at);
/** Writes a record in the order of its bytes; may return before it is done, reads see it at once. */
void board_eeprom_write(uint16_t at, const uint8_t *bytes, uint8_t length);

uint8_t board_flash_byte(uint16_t at);
/** Replaces a page of 128 bytes; of the firmware only where it does not run itself. False: it does not read back. */
bool board_flash_write(uint8_t page, const uint8_t *bytes);
