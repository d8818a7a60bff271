/** A strip of WS2812, which holds the firmware to the times of its data sheet. */
#include "sim.h"
#include <string.h>

/** Cycles of 68 ns: a 0 is high for 0.2-0.55 us, a 1 for 0.6-0.95 us; low for 0.3 us or more; silence from 50 us on. */
enum { ZERO_MIN = 3, ZERO_MAX = 8, ONE_MIN = 9, ONE_MAX = 14, LOW_MIN = 5, SILENCE = 738, COLOURS = 3 };

static uint8_t coming[LAMPS][COLOURS], shown[LAMPS][COLOURS];
static int bits;
static bool is_high;
static avr_cycle_count_t since;

static void take_bit(bool is_one)
{
    uint8_t *byte = &coming[0][0] + bits / 8;
    if (bits < LAMPS * COLOURS * 8) *byte = (uint8_t)(*byte << 1 | is_one);
    bits++;
}

/** After a silence the strip shows what came before it. */
void strip_silence(void)
{
    if (is_high || avr->cycle - since < SILENCE || bits == 0) return;
    if (bits != LAMPS * COLOURS * 8) tell("\"error\":\"the strip was sent %d bits\"", bits);
    memcpy(shown, coming, sizeof shown);
    bits = 0;
}

static void on_data(avr_irq_t *irq, uint32_t level, void *param)
{
    (void)irq, (void)param;
    if ((level & 1u) == is_high) return;
    strip_silence();
    avr_cycle_count_t lasted = avr->cycle - since;
    since = avr->cycle;
    if (is_high) {
        if (lasted >= ZERO_MIN && lasted <= ZERO_MAX) take_bit(false);
        else if (lasted >= ONE_MIN && lasted <= ONE_MAX) take_bit(true);
        else tell("\"error\":\"a bit of the strip was high for %u cycles\"", (unsigned)lasted);
    } else if (lasted < LOW_MIN) {
        tell("\"error\":\"a bit of the strip was low for %u cycles\"", (unsigned)lasted);
    }
    is_high = level & 1u;
}

unsigned strip_power(int lamp, int colour)
{
    static const int place[COLOURS] = {1, 0, 2}; /* green comes first */
    return shown[lamp][place[colour]];
}

void strip_go_dark(void)
{
    bits = 0;
    is_high = false;
    since = avr->cycle;
    memset(shown, 0, sizeof shown);
}

void strip_attach(void)
{
    avr_irq_register_notify(pin_irq(PORT_LETTER(PIN_RED_DATA), PIN_BIT(PIN_RED_DATA)), on_data, NULL);
}
