#include "journal.h"
#include "board.h"
#include "record.h"

struct journal journal_read(void)
{
    uint8_t bytes[JOURNAL_SIZE] = {JOURNAL_SETTLED, 0, 0};
    record_read(JOURNAL_AT, JOURNAL_SIZE, bytes);
    return (struct journal){.phase = bytes[0], .index = bytes[1], .pages = bytes[2]};
}

void journal_write(struct journal journal)
{
    const uint8_t payload[JOURNAL_SIZE] = {journal.phase, journal.index, journal.pages};
    uint8_t bytes[RECORD_MAX];
    uint16_t at = record_prepare(JOURNAL_AT, JOURNAL_SIZE, payload, bytes);
    board_eeprom_write(at, bytes, JOURNAL_SIZE + RECORD_OVERHEAD);
}
