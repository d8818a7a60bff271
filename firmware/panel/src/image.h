/** Firmware images and where they stand in flash; hardware/panel-protocol.md section 6. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { FLASH_PAGE = 128 };
/**
 * Pages of the running firmware, a spare one behind it (boot/swap.c moves through it), pages of the other firmware;
 * the bootloader begins at page 224.
 */
enum { SLOT_PAGES = 111, RUNNING_PAGE = 0, OTHER_PAGE = SLOT_PAGES + 1, BOOT_PAGE = 224 };
enum { SLOT_BYTES = SLOT_PAGES * FLASH_PAGE };
_Static_assert(OTHER_PAGE + SLOT_PAGES <= BOOT_PAGE, "both firmwares fit below the bootloader");

/** Behind the 26 interrupt vectors of the ATmega328P. */
enum { DESCRIPTOR_AT = 0x68, IMAGE_CHECKSUM = 4 };

struct descriptor {
    uint8_t magic[4];
    uint8_t hardware;
    uint8_t version[3];
    /** Of the whole image with its checksum, bytes. */
    uint16_t length;
    uint16_t reserved;
};
_Static_assert(sizeof(struct descriptor) == 12, "no gaps");

#define DESCRIPTOR_MAGIC {'C', 'B', 'P', 'F'}

/** Reads what stands where the descriptor of a firmware that begins at this page would be. */
void image_descriptor(uint8_t first_page, struct descriptor *descriptor);
/** Whether there is one, and its length fits its place. */
bool image_is_named(uint8_t first_page, struct descriptor *descriptor);
/** Whether an image begins at this page, fits its place, and has the checksum that it names. Takes 0.1 s for 7 KB. */
bool image_is_whole(uint8_t first_page, struct descriptor *descriptor);
/** The checksum in the image's last bytes. */
uint32_t image_checksum(uint8_t first_page, uint16_t length);
