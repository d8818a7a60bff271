/**
 * Cuts the power in each write of a change-over between two firmwares, also a second time during the recovery, and
 * looks that the panel always comes up with the right one.
 */
#include "../boot/swap.h"
#include "../src/board.h"
#include "../src/crc.h"
#include "../src/image.h"
#include "../src/journal.h"
#include "memory.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf dark;
static unsigned checks;

static void go_dark(void)
{
    longjmp(dark, 1);
}

static void check(bool holds, const char *what, long first, long second)
{
    checks++;
    if (holds) return;
    printf("wrong: %s, power cut in write %ld, then %ld\n", what, first, second);
    exit(1);
}

/** An image of this length whose bytes all depend on its version. */
static void put_image(uint8_t first_page, uint8_t version, uint16_t length)
{
    uint8_t *image = flash + first_page * FLASH_PAGE;
    struct descriptor descriptor = {.magic = DESCRIPTOR_MAGIC, .hardware = 1, .version = {version, 0, 0}, .length = length};
    for (uint16_t i = 0; i < length; i++) image[i] = (uint8_t)(i * 7 + version * 31 + (i >> 8));
    memcpy(image + DESCRIPTOR_AT, &descriptor, sizeof descriptor);
    uint32_t crc = CRC32_START;
    for (uint16_t i = 0; i < length - IMAGE_CHECKSUM; i++) crc = crc32_update(crc, image[i]);
    crc = ~crc;
    for (uint8_t i = 0; i < IMAGE_CHECKSUM; i++) image[length - IMAGE_CHECKSUM + i] = (uint8_t)(crc >> (8 * i));
}

/** Starts the panel; false: the power went meanwhile. */
static bool start(long cut_in_write)
{
    writes_left = cut_in_write;
    if (setjmp(dark)) {
        writes_left = -1;
        return false;
    }
    bool runs = boot_prepare();
    writes_left = -1;
    check(runs, "no firmware to run", cut_in_write, -1);
    return true;
}

static uint8_t version_at(uint8_t first_page)
{
    struct descriptor descriptor;
    return image_is_whole(first_page, &descriptor) ? descriptor.version[0] : 0;
}

static void order(uint16_t old_length, uint16_t new_length)
{
    memory_erase();
    put_image(RUNNING_PAGE, 1, old_length);
    put_image(OTHER_PAGE, 2, new_length);
    journal_write((struct journal){.phase = JOURNAL_ORDERED});
}

/** @param stride 1: in each write; more: in every so-manieth */
static void cut_everywhere(uint16_t old_length, uint16_t new_length, long stride)
{
    bool whole = false;
    for (long first = 0; !whole; first += stride) {
        /* Every second cut close behind the first, then ever wider. */
        for (long second = 0; second < 400 && !whole; second += 1 + second / 2) {
            order(old_length, new_length);
            whole = start(first);
            if (!whole && !start(second)) start(-1);
            check(version_at(RUNNING_PAGE) == 2, "the new firmware does not run", first, second);
            check(version_at(OTHER_PAGE) == 1, "the firmware before is lost", first, second);
            struct journal journal = journal_read();
            check(journal.phase == JOURNAL_TRIAL && journal.index >= 1, "it is not on trial", first, second);
        }
    }
}

static void trial(void)
{
    order(5000, 9000);
    for (int n = 1; n <= 3; n++) {
        start(-1);
        check(version_at(RUNNING_PAGE) == 2, "a trial ended too early", n, -1);
    }
    start(-1);
    check(version_at(RUNNING_PAGE) == 1, "an unproven firmware still runs", 4, -1);
    check(journal_read().phase == JOURNAL_UNDONE, "it does not say undone", 4, -1);
    start(-1);
    check(version_at(RUNNING_PAGE) == 1, "the firmware before does not stay", 5, -1);

    order(5000, 9000);
    start(-1);
    journal_write((struct journal){.phase = JOURNAL_SETTLED});
    for (int n = 0; n < 5; n++) start(-1);
    check(version_at(RUNNING_PAGE) == 2, "a proven firmware does not stay", -1, -1);
}

static void broken_memory(void)
{
    order(5000, 5000);
    journal_write((struct journal){.phase = JOURNAL_SETTLED});
    flash[3000] ^= 1;
    start(-1);
    check(version_at(RUNNING_PAGE) == 2 && journal_read().phase == JOURNAL_UNDONE, "a broken firmware runs", -1, -1);

    order(5000, 5000);
    flash[OTHER_PAGE * FLASH_PAGE + 3000] ^= 1;
    start(-1);
    check(version_at(RUNNING_PAGE) == 1, "a broken update was taken", -1, -1);

    memory_erase();
    put_image(RUNNING_PAGE, 1, 5000);
    start(-1);
    check(version_at(RUNNING_PAGE) == 1, "a panel fresh from the programmer does not start", -1, -1);

    memory_erase();
    check(!boot_prepare(), "a panel without firmware starts", -1, -1);
}

int main(void)
{
    power_lost = go_dark;
    cut_everywhere(1000, 1400, 1);
    cut_everywhere(1400, 900, 1);
    cut_everywhere(SLOT_BYTES, SLOT_BYTES - 2, 61);
    trial();
    broken_memory();
    printf("%u checks hold\n", checks);
    return 0;
}
