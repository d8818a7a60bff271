#include "eeprom.h"
#include "../src/board.h"
#include "../src/record.h"
#include <avr/eeprom.h>
#include <avr/wdt.h>
#include <string.h>

/** What is still to be written, in its order: a byte takes 3.4 ms, the lamps and the line do not wait for it. */
static uint8_t pending[RECORD_MAX];
static uint16_t pending_at;
static uint8_t done, length;

bool eeprom_is_writing(void)
{
    return done < length || !eeprom_is_ready();
}

void eeprom_go_on(void)
{
    while (done < length && eeprom_is_ready()) {
        eeprom_update_byte((uint8_t *)(pending_at + done), pending[done]);
        done++;
    }
}

uint8_t board_eeprom_byte(uint16_t at)
{
    uint16_t offset = at - pending_at;
    if (offset >= done && offset < length) return pending[offset];
    return eeprom_read_byte((const uint8_t *)at);
}

void board_eeprom_write(uint16_t at, const uint8_t *bytes, uint8_t count)
{
    while (eeprom_is_writing()) {
        wdt_reset();
        eeprom_go_on();
    }
    memcpy(pending, bytes, count);
    pending_at = at;
    done = 0;
    length = count;
}
