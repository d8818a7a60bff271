/**
 * 74HC595 with brightness by bit-angle modulation: each of the eight bits of a light's power is shown as long as it
 * weighs. A round of 256 units takes 1/120 s; in the last unit all is dark.
 *
 *     bit 0 | bit 1 | bit 2 … | bit 7 | dark
 *       1       2       4        128     1      units of 480 cycles
 */
#include "leds.h"
#include "pin.h"
#include <avr/interrupt.h>

enum { BITS = 8, PARTS = BITS + 1, UNIT = BOARD_CLOCK_HZ / 120 / 256 };
_Static_assert(UNIT * 256ul * 120 == BOARD_CLOCK_HZ, "a round is exact");

/** What to put on the port for each lamp, in each part of the round: data of the three chains, clock and latch low. */
struct round {
    uint8_t port[PARTS][LAMPS];
};

static struct round rounds[2];
static volatile uint8_t shown;
/** The other round is whole and is shown from the next beginning on. */
static volatile bool ready;
static uint8_t part;

void leds_start(void)
{
    PIN_HIGH(PIN_LAMPS_DARK);
    PIN_OUTPUT(PIN_LAMPS_DARK);
    PIN_OUTPUT(PIN_RED_DATA);
    PIN_OUTPUT(PIN_GREEN_DATA);
    PIN_OUTPUT(PIN_BLUE_DATA);
    PIN_OUTPUT(PIN_LAMPS_CLOCK);
    PIN_OUTPUT(PIN_LAMPS_LATCH);
    TCCR1A = 0;
    TCCR1B = _BV(WGM12) | _BV(CS10);
    OCR1A = UNIT - 1;
    TIMSK1 = _BV(OCIE1A);
}

void leds_set(uint8_t lamp, struct light light)
{
    uint8_t red = light.red, green = light.green, blue = light.blue;
    uint8_t *port = &rounds[!shown].port[0][lamp];
    for (uint8_t bit = 0; bit < BITS; bit++, port += LAMPS) {
        uint8_t value = 0;
        if (red & 1) value |= BIT_OF(PIN_RED_DATA);
        if (green & 1) value |= BIT_OF(PIN_GREEN_DATA);
        if (blue & 1) value |= BIT_OF(PIN_BLUE_DATA);
        *port = value;
        red >>= 1;
        green >>= 1;
        blue >>= 1;
    }
}

bool leds_are_free(void)
{
    return !ready;
}

void leds_show(void)
{
    ready = true;
}

/** Shows what was shifted in last time, and shifts in what comes next. */
ISR(TIMER1_COMPA_vect)
{
    PORT_OF(PIN_LAMPS_LATCH) |= BIT_OF(PIN_LAMPS_LATCH);
    OCR1A = part < BITS ? (UNIT << part) - 1 : UNIT - 1;
    if (++part == PARTS) {
        part = 0;
        if (ready) {
            shown = !shown;
            ready = false;
            PIN_LOW(PIN_LAMPS_DARK);
        }
    }
    const uint8_t *first = rounds[shown].port[part];
    for (const uint8_t *port = first + LAMPS; port != first;) {
        PORT_OF(PIN_LAMPS_CLOCK) = *--port;
        INPUT_OF(PIN_LAMPS_CLOCK) = BIT_OF(PIN_LAMPS_CLOCK); /* turns it high */
    }
    PORT_OF(PIN_LAMPS_CLOCK) = 0;
}
