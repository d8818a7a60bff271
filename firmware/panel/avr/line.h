/** The serial line, half duplex; hardware/panel-protocol.md section 1. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

void line_start(void);
/** False: nothing has come. */
bool line_take(uint8_t *byte);
/** Sends these bytes, which stay as they are until line_is_sending is false. */
void line_send(const uint8_t *bytes, uint8_t length);
bool line_is_sending(void);
