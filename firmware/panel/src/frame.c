#include "frame.h"
#include "crc.h"
#include <string.h>

enum { SYNC_0 = 0xC0, SYNC_1 = 0xBD, PROTOCOL_VERSION = 1 };

static uint16_t checksum(const uint8_t *bytes, uint8_t payload_length)
{
    uint16_t crc = CRC16_START;
    for (uint8_t i = 2; i < FRAME_HEADER + payload_length; i++) crc = crc16_update(crc, bytes[i]);
    return crc;
}

void frame_push(struct frame_parser *parser, uint8_t byte)
{
    /* Never full: a frame of the greatest length is complete, and taken or thrown away, when its last byte is there. */
    if (parser->length < FRAME_MAX) parser->bytes[parser->length++] = byte;
}

static void drop(struct frame_parser *parser, uint8_t count)
{
    parser->length -= count;
    memmove(parser->bytes, parser->bytes + count, parser->length);
}

/** Whether a frame begins with these bytes: its whole length, 0 while that cannot be told, or -1. */
static int16_t whole_length(const uint8_t *bytes, uint8_t available)
{
    if (bytes[0] != SYNC_0) return -1;
    if (available >= 2 && bytes[1] != SYNC_1) return -1;
    if (available < FRAME_HEADER) return 0;
    uint8_t length = bytes[6];
    if (length > FRAME_MAX_PAYLOAD) return -1;
    uint8_t end = FRAME_HEADER + length;
    if (available < end + FRAME_CRC) return 0;
    uint16_t crc = (uint16_t)((bytes[end] << 8) | bytes[end + 1]);
    return crc == checksum(bytes, length) ? end + FRAME_CRC : -1;
}

bool frame_next(struct frame_parser *parser, struct frame *frame)
{
    uint8_t start = parser->given;
    parser->given = 0;
    int16_t whole = -1;
    while (start < parser->length) {
        whole = whole_length(parser->bytes + start, parser->length - start);
        if (whole >= 0) break;
        start++;
        parser->discarded++;
    }
    /* Moved once, after all that had to go was found. */
    drop(parser, start);
    if (whole <= 0 || parser->length == 0) return false;
    const uint8_t *bytes = parser->bytes;
    *frame = (struct frame){
        .version = bytes[2],
        .address = bytes[3],
        .sequence = bytes[4],
        .type = bytes[5],
        .length = bytes[6],
        .payload = bytes + FRAME_HEADER,
    };
    parser->given = (uint8_t)whole;
    return true;
}

bool frame_give_up(struct frame_parser *parser)
{
    if (parser->length == 0) return false;
    parser->discarded++;
    drop(parser, 1);
    return true;
}

uint8_t frame_seal(uint8_t *bytes, uint8_t address, uint8_t sequence, uint8_t type, uint8_t length)
{
    const uint8_t header[FRAME_HEADER] = {SYNC_0, SYNC_1, PROTOCOL_VERSION, address, sequence, type, length};
    memcpy(bytes, header, FRAME_HEADER);
    uint16_t crc = checksum(bytes, length);
    bytes[FRAME_HEADER + length] = (uint8_t)(crc >> 8);
    bytes[FRAME_HEADER + length + 1] = (uint8_t)crc;
    return FRAME_HEADER + length + FRAME_CRC;
}
