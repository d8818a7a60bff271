/** Starts the firmware; brings another in its place when that is wanted or needed. It knows no line. */
#include "../avr/pin.h"
#include "../src/board.h"
#include "../src/image.h"
#include "entry.h"
#include "swap.h"
#include <avr/boot.h>
#include <avr/eeprom.h>
#include <avr/pgmspace.h>
#include <avr/wdt.h>
#include <util/delay.h>

static void write_page(uint8_t page, const uint8_t *bytes)
{
    uint16_t at = page * FLASH_PAGE;
    /* While the EEPROM is written the chip takes no order for its flash. */
    eeprom_busy_wait();
    boot_page_erase(at);
    boot_spm_busy_wait();
    for (uint8_t i = 0; i < FLASH_PAGE; i += 2) boot_page_fill(at + i, (uint16_t)(bytes[i] | bytes[i + 1] << 8));
    boot_page_write(at);
    boot_spm_busy_wait();
    boot_rww_enable();
}

/** Uses no variable but its arguments: the memory is the firmware's. */
__attribute__((used)) void write_other_page(uint8_t page, const uint8_t *bytes)
{
    if (page >= OTHER_PAGE && page < OTHER_PAGE + SLOT_PAGES) write_page(page, bytes);
}

/* Not in C: nothing may stand before the jump. */
__asm__(".pushsection .entry, \"ax\", @progbits\n.global entry\nentry: rjmp write_other_page\n.popsection");

uint8_t board_flash_byte(uint16_t at)
{
    return pgm_read_byte(at);
}

bool board_flash_write(uint8_t page, const uint8_t *bytes)
{
    write_page(page, bytes);
    return true;
}

uint8_t board_eeprom_byte(uint16_t at)
{
    return eeprom_read_byte((const uint8_t *)at);
}

void board_eeprom_write(uint16_t at, const uint8_t *bytes, uint8_t length)
{
    for (uint8_t i = 0; i < length; i++) eeprom_update_byte((uint8_t *)(at + i), bytes[i]);
    eeprom_busy_wait();
}

int main(void)
{
    /* After a reset by the watchdog it still runs, at its shortest. */
    GPIOR0 = MCUSR;
    MCUSR = 0;
    wdt_disable();
    PIN_OUTPUT(PIN_STATUS);
    while (!boot_prepare()) {
        /* Nothing to run: only a programmer helps. The light on the board says so. */
        INPUT_OF(PIN_STATUS) = BIT_OF(PIN_STATUS);
        _delay_ms(100);
    }
    /* Firmware that does not take the watchdog over is restarted by it. */
    wdt_enable(WDTO_1S);
    __asm__ volatile("jmp 0");
    __builtin_unreachable();
}
