/** Requests of the host, hardware/panel-protocol.md section 3. */
#pragma once
#include "panel.h"

/** Does what a frame asks, if it is for this panel, and makes the answer. */
void request_take(struct panel *panel, const struct frame *frame);
