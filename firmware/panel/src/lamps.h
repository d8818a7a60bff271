/** What the lamps show and how that looks at a moment; hardware/panel-protocol.md section 3, "Set lamps". */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { LAMPS = 32 };
/** All patterns fit this many milliseconds a whole number of times. */
enum { PATTERN_MS = 3000 };

enum colour { COLOUR_OFF, COLOUR_WHITE, COLOUR_RED, COLOUR_AMBER, COLOUR_GREEN, COLOUR_BLUE, COLOURS };
enum pattern { PATTERN_STEADY, PATTERN_SLOW, PATTERN_FAST, PATTERN_DOUBLE, PATTERN_BREATHING, PATTERNS };

struct lamp {
    /** Colour in bits 7-4, pattern in bits 3-0. */
    uint8_t look;
    uint8_t brightness;
};

/** Power of each of a lamp's channels, 0-255. */
struct light {
    uint8_t red, green, blue;
};

/** Whether this byte names a colour and a pattern that exist. */
bool lamp_is_look(uint8_t look);
/** How much of its brightness each pattern gives at a moment, 0-255. */
struct moment {
    uint8_t envelope[PATTERNS];
};

/** @param phase_ms 0 … PATTERN_MS-1 */
struct moment lamp_moment(uint16_t phase_ms);
struct light lamp_light(struct lamp lamp, uint8_t brightness_limit, const struct moment *moment);
