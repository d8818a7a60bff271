#include "../boot/entry.h"
#include "../src/board.h"
#include "../src/image.h"
#include <avr/interrupt.h>
#include <avr/pgmspace.h>
#include <util/atomic.h>

uint8_t board_flash_byte(uint16_t at)
{
    return pgm_read_byte(at);
}

/* Only code of the bootloader's section can write flash, and nothing of the firmware can run while it does. */
bool board_flash_write(uint8_t page, const uint8_t *bytes)
{
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
    {
        ((boot_write_page *)(BOOT_ENTRY / 2))(page, bytes);
    }
    for (uint8_t i = 0; i < FLASH_PAGE; i++)
        if (pgm_read_byte(page * FLASH_PAGE + i) != bytes[i]) return false;
    return true;
}
