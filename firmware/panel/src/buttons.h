/** Buttons, debounced; hardware/panel-protocol.md section 4. */
#pragma once
#include <stdint.h>

enum { BUTTONS = 4, BUTTON_STEADY_MS = 20, BUTTON_LONG_MS = 800 };
enum button_action { BUTTON_PRESS = 1, BUTTON_RELEASE = 2, BUTTON_LONG = 3 };

/** All zeros is its start. */
struct buttons {
    /** Held down for sure, bit 0 = button 0. */
    uint8_t held;
    /** Down since the start: they tell nothing until let go. */
    uint8_t mute;
    /** Their long press has been told. */
    uint8_t told_long;
    /** How long a button has been other than held says, ms. */
    uint8_t unlike_ms[BUTTONS];
    /** How long it has been held, up to the long press, ms. */
    uint16_t held_ms[BUTTONS];
    /** Since the start, until the first state is known, ms. */
    uint8_t age_ms;
};

typedef void (*button_listener)(void *context, uint8_t button, enum button_action action);

/** Each millisecond: what is down now, bit 0 = button 0. */
void buttons_sample(struct buttons *buttons, uint8_t down, button_listener listener, void *context);
