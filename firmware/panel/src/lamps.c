#include "lamps.h"
#include "hardware.h"

/** Breathing goes down to this and up again. */
enum { BREATH_LOW = 32, BREATH_MS = PATTERN_MS / 2 };

/** Share of each channel in a colour, 0-255; for LEDs of like power at like current. */
static const struct light colours[COLOURS] = {
    [COLOUR_WHITE] = {255, 200, 160},
    [COLOUR_RED] = {255, 0, 0},
    [COLOUR_AMBER] = {255, 110, 0},
    [COLOUR_GREEN] = {0, 255, 0},
    [COLOUR_BLUE] = {0, 0, 255},
};

bool lamp_is_look(uint8_t look)
{
    return look >> 4 < COLOURS && (look & 0x0F) < PATTERNS;
}

/** Product of two shares of 255; 0 only if one is 0, so that no colour loses a channel, and turns red, when dim. */
static uint8_t share(uint8_t a, uint8_t b)
{
    return (uint8_t)(((uint16_t)a * b + 255) >> 8);
}

static uint8_t envelope(uint8_t pattern, uint16_t phase_ms)
{
    uint16_t in_second = phase_ms % 1000;
    switch (pattern) {
    case PATTERN_SLOW:
        return in_second < 500 ? 255 : 0;
    case PATTERN_FAST:
        return phase_ms % 250 < 125 ? 255 : 0;
    case PATTERN_DOUBLE:
        return in_second < 100 || (in_second >= 250 && in_second < 350) ? 255 : 0;
    case PATTERN_BREATHING: {
        uint16_t from_low = phase_ms < BREATH_MS ? phase_ms : PATTERN_MS - phase_ms;
        return (uint8_t)(BREATH_LOW + (uint32_t)from_low * (255 - BREATH_LOW) / BREATH_MS);
    }
    default:
        return 255;
    }
}

struct moment lamp_moment(uint16_t phase_ms)
{
    struct moment moment;
    for (uint8_t pattern = 0; pattern < PATTERNS; pattern++) moment.envelope[pattern] = envelope(pattern, phase_ms);
    return moment;
}

struct light lamp_light(struct lamp lamp, uint8_t brightness_limit, const struct moment *moment)
{
    uint8_t seen = share(share(lamp.brightness, brightness_limit), moment->envelope[lamp.look & 0x0F]);
    /* The eye sees the square root of a point's power (Stevens). */
    uint8_t power = share(seen, seen);
    uint8_t named = lamp.look >> 4;
    if (PANEL_HARDWARE == ONE_COLOUR_595) return (struct light){.red = named == COLOUR_OFF ? 0 : power};
    const struct light *colour = &colours[named];
    return (struct light){share(colour->red, power), share(colour->green, power), share(colour->blue, power)};
}
