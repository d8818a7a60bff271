#include "buttons.h"

/** A button that is down by then was down at the start. */
enum { START_MS = BUTTON_STEADY_MS + 5 };

static void changed(struct buttons *buttons, uint8_t button, button_listener listener, void *context)
{
    uint8_t bit = 1 << button;
    buttons->held ^= bit;
    if (buttons->held & bit) {
        buttons->held_ms[button] = 0;
        buttons->told_long &= ~bit;
        if (buttons->age_ms < START_MS) buttons->mute |= bit;
        else listener(context, button, BUTTON_PRESS);
    } else if (buttons->mute & bit) {
        buttons->mute &= ~bit;
    } else {
        listener(context, button, BUTTON_RELEASE);
    }
}

void buttons_sample(struct buttons *buttons, uint8_t down, button_listener listener, void *context)
{
    for (uint8_t button = 0; button < BUTTONS; button++) {
        uint8_t bit = 1 << button;
        if ((down ^ buttons->held) & bit) {
            if (++buttons->unlike_ms[button] >= BUTTON_STEADY_MS) {
                buttons->unlike_ms[button] = 0;
                changed(buttons, button, listener, context);
            }
            continue;
        }
        buttons->unlike_ms[button] = 0;
        if (!(buttons->held & bit) || ((buttons->mute | buttons->told_long) & bit)) continue;
        if (++buttons->held_ms[button] >= BUTTON_LONG_MS) {
            buttons->told_long |= bit;
            listener(context, button, BUTTON_LONG);
        }
    }
    if (buttons->age_ms < START_MS) buttons->age_ms++;
}
