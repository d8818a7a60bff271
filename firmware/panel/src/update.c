#include "update.h"
#include "board.h"
#include "crc.h"
#include "hardware.h"
#include "journal.h"
#include <string.h>

enum begin_result update_begin(struct update *update, uint8_t hardware, uint16_t length, uint32_t checksum)
{
    update->begun = false;
    if (hardware != PANEL_HARDWARE) return BEGIN_OTHER_HARDWARE;
    if (length > SLOT_BYTES) return BEGIN_TOO_LONG;
    update->begun = true;
    update->length = length;
    update->next = 0;
    update->checksum = checksum;
    update->crc = CRC32_START;
    return BEGIN_READY;
}

enum data_result update_data(struct update *update, uint16_t offset, const uint8_t *bytes, uint8_t length)
{
    if (!update->begun) return DATA_NOT_BEGUN;
    if (offset != update->next || length > update->length - offset) return DATA_OTHER_OFFSET;
    while (length-- > 0) {
        uint8_t at = update->next % FLASH_PAGE;
        if (at == 0) memset(update->page, 0xFF, FLASH_PAGE);
        update->page[at] = *bytes;
        if (update->next < update->length - IMAGE_CHECKSUM) update->crc = crc32_update(update->crc, *bytes);
        bytes++;
        uint8_t page = OTHER_PAGE + (uint8_t)(update->next++ / FLASH_PAGE);
        if (at < FLASH_PAGE - 1 && update->next < update->length) continue;
        if (!board_flash_write(page, update->page)) {
            update->begun = false;
            return DATA_NOT_WRITTEN;
        }
    }
    return DATA_TAKEN;
}

enum finish_result update_finish(struct update *update)
{
    struct descriptor descriptor;
    if (!update->begun) return FINISH_NOT_BEGUN;
    if (update->next < update->length) return FINISH_INCOMPLETE;
    update->begun = false;
    /* Each page was read back when it was written: memory holds what the checksum is of. */
    if (~update->crc != update->checksum || image_checksum(OTHER_PAGE, update->length) != update->checksum ||
        !image_is_named(OTHER_PAGE, &descriptor) || descriptor.length != update->length ||
        descriptor.hardware != PANEL_HARDWARE)
        return FINISH_WRONG_CHECKSUM;
    journal_write((struct journal){.phase = JOURNAL_ORDERED});
    return FINISH_RESTARTING;
}
