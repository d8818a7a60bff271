/** Writing records to the EEPROM while everything else goes on. */
#pragma once
#include <stdbool.h>

/** In the main loop. */
void eeprom_go_on(void);
bool eeprom_is_writing(void);
