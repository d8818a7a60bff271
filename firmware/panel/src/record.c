#include "record.h"
#include "board.h"
#include "crc.h"
#include <string.h>

static uint16_t place(uint16_t at, uint8_t size, uint8_t which)
{
    return at + (which ? size + RECORD_OVERHEAD : 0);
}

static uint16_t checksum(const uint8_t *bytes, uint8_t length)
{
    uint16_t crc = CRC16_START;
    for (uint8_t i = 0; i < length; i++) crc = crc16_update(crc, bytes[i]);
    return crc;
}

static bool read_place(uint16_t from, uint8_t size, uint8_t *bytes)
{
    for (uint8_t i = 0; i < size + RECORD_OVERHEAD; i++) bytes[i] = board_eeprom_byte(from + i);
    uint16_t crc = (uint16_t)((bytes[size + 1] << 8) | bytes[size + 2]);
    return crc == checksum(bytes, size + 1);
}

/** The newer place, its record in bytes; -1: none is whole. */
static int8_t newest(uint16_t at, uint8_t size, uint8_t *bytes)
{
    uint8_t second[RECORD_MAX];
    bool has_first = read_place(place(at, size, 0), size, bytes);
    bool has_second = read_place(place(at, size, 1), size, second);
    if (has_second && (!has_first || (uint8_t)(second[0] - bytes[0]) == 1)) {
        memcpy(bytes, second, size + RECORD_OVERHEAD);
        return 1;
    }
    return has_first ? 0 : -1;
}

bool record_read(uint16_t at, uint8_t size, uint8_t *payload)
{
    uint8_t bytes[RECORD_MAX];
    if (newest(at, size, bytes) < 0) return false;
    memcpy(payload, bytes + 1, size);
    return true;
}

uint16_t record_prepare(uint16_t at, uint8_t size, const uint8_t *payload, uint8_t *bytes)
{
    int8_t which = newest(at, size, bytes);
    bytes[0] = which < 0 ? 0 : bytes[0] + 1;
    memcpy(bytes + 1, payload, size);
    uint16_t crc = checksum(bytes, size + 1);
    bytes[size + 1] = (uint8_t)(crc >> 8);
    bytes[size + 2] = (uint8_t)crc;
    return place(at, size, which == 0);
}
