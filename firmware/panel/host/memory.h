/** Flash and EEPROM of a panel on the host, whose power can be cut in the middle of a write. */
#pragma once
#include <stdint.h>

enum { FLASH_BYTES = 32768, EEPROM_BYTES = 1024 };

extern uint8_t flash[FLASH_BYTES];
extern uint8_t eeprom[EEPROM_BYTES];
/** Writes (a page or an EEPROM byte) until the power goes, in the middle of the last; -1: it stays. */
extern long writes_left;
/** Told when it goes; does not return. */
extern void (*power_lost)(void);
/** All erased. */
void memory_erase(void);
