/** The lamps' LEDs: leds_595.c for shift registers, leds_ws2812.c for a strip. */
#pragma once
#include "../src/lamps.h"

/** Dark until the first leds_show. */
void leds_start(void);
/** What was given to leds_show last is shown: lamps can be set anew. */
bool leds_are_free(void);
void leds_set(uint8_t lamp, struct light light);
/** All lamps are set: shows them. */
void leds_show(void);
