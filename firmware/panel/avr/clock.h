/** Time: ticks of 1/1024 s, exact with the crystal, and milliseconds made of them. */
#pragma once
#include <stdint.h>

void clock_start(void);
/** Milliseconds since it was last asked, 0-255. */
uint8_t clock_passed_ms(void);
/** Counts up by one each tick. */
uint8_t clock_tick(void);
