#include "image.h"
#include "board.h"
#include "crc.h"
#include <string.h>

void image_descriptor(uint8_t first_page, struct descriptor *descriptor)
{
    uint16_t at = first_page * FLASH_PAGE + DESCRIPTOR_AT;
    uint8_t *bytes = (uint8_t *)descriptor;
    for (uint8_t i = 0; i < sizeof *descriptor; i++) bytes[i] = board_flash_byte(at + i);
}

uint32_t image_checksum(uint8_t first_page, uint16_t length)
{
    uint16_t end = first_page * FLASH_PAGE + length;
    uint32_t checksum = 0;
    for (uint8_t i = 1; i <= IMAGE_CHECKSUM; i++) checksum = (checksum << 8) | board_flash_byte(end - i);
    return checksum;
}

bool image_is_named(uint8_t first_page, struct descriptor *descriptor)
{
    static const uint8_t magic[4] = DESCRIPTOR_MAGIC;
    image_descriptor(first_page, descriptor);
    uint16_t length = descriptor->length;
    if (memcmp(descriptor->magic, magic, sizeof magic) != 0) return false;
    return length >= DESCRIPTOR_AT + sizeof *descriptor + IMAGE_CHECKSUM && length <= SLOT_BYTES;
}

bool image_is_whole(uint8_t first_page, struct descriptor *descriptor)
{
    if (!image_is_named(first_page, descriptor)) return false;
    uint16_t at = first_page * FLASH_PAGE;
    uint16_t end = at + descriptor->length - IMAGE_CHECKSUM;
    uint32_t crc = CRC32_START;
    for (; at < end; at++) crc = crc32_update(crc, board_flash_byte(at));
    return ~crc == image_checksum(first_page, descriptor->length);
}
