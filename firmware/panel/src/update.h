/** Taking new firmware in while the old one runs; hardware/panel-protocol.md section 6. */
#pragma once
#include "image.h"
#include <stdbool.h>
#include <stdint.h>

enum { UPDATE_MAX_BYTES = 64 };
enum begin_result { BEGIN_READY, BEGIN_OTHER_HARDWARE, BEGIN_TOO_LONG };
enum data_result { DATA_TAKEN, DATA_NOT_BEGUN, DATA_OTHER_OFFSET, DATA_NOT_WRITTEN };
enum finish_result { FINISH_RESTARTING, FINISH_NOT_BEGUN, FINISH_INCOMPLETE, FINISH_WRONG_CHECKSUM };

/** All zeros: none has begun. */
struct update {
    bool begun;
    uint16_t length, next;
    /** The one to come, and what it has come to so far: too much work for the end, the host waits 0.1 s only. */
    uint32_t checksum, crc;
    /** The page being filled; flash takes whole ones only. */
    uint8_t page[FLASH_PAGE];
};

enum begin_result update_begin(struct update *update, uint8_t hardware, uint16_t length, uint32_t checksum);
enum data_result update_data(struct update *update, uint16_t offset, const uint8_t *bytes, uint8_t length);
/** FINISH_RESTARTING: the order is in the journal, the next start changes over. */
enum finish_result update_finish(struct update *update);
