/** Three chains of shift registers, the LEDs behind them as the eye sees them, the buzzer and the status light. */
#include "sim.h"
#include <simavr/avr_ioport.h>
#include <simavr/sim_cycle_timers.h>
#include <stdio.h>
#include <string.h>

enum { CHAINS = 3, WINDOW = BOARD_CLOCK_HZ / 120, UNITS = 256 };

static uint8_t data_pins;
static uint32_t chain[CHAINS], output[CHAINS];
static bool is_dark = true, is_strip;
static avr_cycle_count_t since, on_cycles[CHAINS][LAMPS];
static int buzzer_edges, told_tone;
static char told[LAMPS * 6 + 1];

/** Adds the time that has passed with the outputs as they are. */
static void account(void)
{
    avr_cycle_count_t passed = avr->cycle - since;
    since = avr->cycle;
    if (is_dark) return;
    for (int c = 0; c < CHAINS; c++)
        for (uint32_t left = output[c]; left != 0; left &= left - 1) on_cycles[c][__builtin_ctz(left)] += passed;
}

static void on_data(avr_irq_t *irq, uint32_t level, void *chain_number)
{
    (void)irq;
    int bit = (int)(intptr_t)chain_number;
    data_pins = (uint8_t)((data_pins & ~(1u << bit)) | (level & 1u) << bit);
}

static void on_clock(avr_irq_t *irq, uint32_t level, void *param)
{
    (void)param;
    if (!level || irq->value == level) return;
    for (int c = 0; c < CHAINS; c++) chain[c] = chain[c] << 1 | ((data_pins >> c) & 1u);
}

static void on_latch(avr_irq_t *irq, uint32_t level, void *param)
{
    (void)param;
    if (!level || irq->value == level) return;
    account();
    memcpy(output, chain, sizeof output);
}

static void on_dark(avr_irq_t *irq, uint32_t level, void *param)
{
    (void)irq, (void)param;
    account();
    is_dark = level != 0;
}

/** Only what the timer does to the pin: libsimavr tells a write to its port as if it took the pin back. */
static void on_buzzer(avr_irq_t *irq, uint32_t level, void *param)
{
    (void)irq, (void)param;
    if (level & AVR_IOPORT_OUTPUT) buzzer_edges++;
}

static void on_status(avr_irq_t *irq, uint32_t level, void *param)
{
    (void)param;
    if (irq->value != level) tell("\"status\":%u", level);
}

static void tell_lamps(void)
{
    char lamps[sizeof told];
    for (int lamp = 0; lamp < LAMPS; lamp++)
        for (int c = 0; c < CHAINS; c++) {
            unsigned power = is_strip ? strip_power(lamp, c)
                                      : (unsigned)((on_cycles[c][lamp] * UNITS + WINDOW / 2) / WINDOW);
            sprintf(lamps + lamp * 6 + c * 2, "%02x", power > 255 ? 255 : power);
        }
    if (strcmp(lamps, told) == 0) return;
    strcpy(told, lamps);
    tell("\"lamps\":\"%s\"", lamps);
}

static avr_cycle_count_t window_ends(avr_t *of, avr_cycle_count_t when, void *param)
{
    (void)of, (void)param;
    account();
    if (is_strip) strip_silence();
    tell_lamps();
    memset(on_cycles, 0, sizeof on_cycles);
    int tone = buzzer_edges * 120 / 2;
    buzzer_edges = 0;
    if (tone != told_tone) tell("\"tone\":%d", tone);
    told_tone = tone;
    return when + WINDOW;
}

void lamps_attach(bool have_strip)
{
    is_strip = have_strip;
    if (is_strip) strip_attach();
    const struct {
        char port;
        int bit;
    } data[CHAINS] = {
        {PORT_LETTER(PIN_RED_DATA), PIN_BIT(PIN_RED_DATA)},
        {PORT_LETTER(PIN_GREEN_DATA), PIN_BIT(PIN_GREEN_DATA)},
        {PORT_LETTER(PIN_BLUE_DATA), PIN_BIT(PIN_BLUE_DATA)},
    };
    for (int c = 0; c < CHAINS; c++)
        avr_irq_register_notify(pin_irq(data[c].port, data[c].bit), on_data, (void *)(intptr_t)c);
#define WATCH(pin, listener) avr_irq_register_notify(pin_irq(PORT_LETTER(pin), PIN_BIT(pin)), listener, NULL)
    WATCH(PIN_LAMPS_CLOCK, on_clock);
    WATCH(PIN_LAMPS_LATCH, on_latch);
    WATCH(PIN_LAMPS_DARK, on_dark);
    WATCH(PIN_BUZZER, on_buzzer);
    WATCH(PIN_STATUS, on_status);
}

/** The power has gone, or the microcontroller is in reset: its pins float, the pull-up turns the registers off. */
void lamps_go_dark(void)
{
    account();
    is_dark = true;
    strip_go_dark();
    memset(on_cycles, 0, sizeof on_cycles);
    tell_lamps();
    /* Once only, whether or not a reset has just forgotten it. */
    avr_cycle_timer_cancel(avr, window_ends, NULL);
    avr_cycle_timer_register(avr, WINDOW, window_ends, NULL);
}
