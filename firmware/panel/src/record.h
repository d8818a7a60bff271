/**
 * Small records that outlive a loss of power at any moment: each is kept in two places, and written to the older one.
 *
 *     count | payload … | CRC-16      at the first place, then the same at the second
 *
 * A write cut short leaves a wrong checksum there and the record before it in the other place.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { RECORD_OVERHEAD = 3, RECORD_MAX_PAYLOAD = 10, RECORD_MAX = RECORD_OVERHEAD + RECORD_MAX_PAYLOAD };

/** Where records stand in the EEPROM; the second place follows the first. */
enum { SETTINGS_AT = 0, SETTINGS_SIZE = 10, JOURNAL_AT = 64, JOURNAL_SIZE = 3 };

/** False: there is none, and the payload is as it was. */
bool record_read(uint16_t at, uint8_t size, uint8_t *payload);
/** Makes the bytes of a new record (size + RECORD_OVERHEAD of them) and returns where to write them, in order. */
uint16_t record_prepare(uint16_t at, uint8_t size, const uint8_t *payload, uint8_t *bytes);
