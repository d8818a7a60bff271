#include "memory.h"
#include "../src/board.h"
#include "../src/image.h"
#include <string.h>

uint8_t flash[FLASH_BYTES];
uint8_t eeprom[EEPROM_BYTES];
long writes_left = -1;
void (*power_lost)(void);

void memory_erase(void)
{
    memset(flash, 0xFF, sizeof flash);
    memset(eeprom, 0xFF, sizeof eeprom);
    writes_left = -1;
}

uint8_t board_flash_byte(uint16_t at)
{
    return flash[at % FLASH_BYTES];
}

uint8_t board_eeprom_byte(uint16_t at)
{
    return eeprom[at % EEPROM_BYTES];
}

/** Leaves half of what was to be written, and rubbish for the rest, when the power goes in this write. */
static void write_cell(uint8_t *cell, const uint8_t *bytes, unsigned length)
{
    if (writes_left == 0) {
        memcpy(cell, bytes, length / 2);
        for (unsigned i = length / 2; i < length; i++) cell[i] ^= (uint8_t)(0xA5 + i);
        power_lost();
    }
    if (writes_left > 0) writes_left--;
    memcpy(cell, bytes, length);
}

bool board_flash_write(uint8_t page, const uint8_t *bytes)
{
    write_cell(flash + page * FLASH_PAGE, bytes, FLASH_PAGE);
    return true;
}

void board_eeprom_write(uint16_t at, const uint8_t *bytes, uint8_t length)
{
    for (uint8_t i = 0; i < length; i++)
        if (eeprom[at + i] != bytes[i]) write_cell(eeprom + at + i, bytes + i, 1);
}
