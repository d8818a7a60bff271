#include "../src/panel.h"
#include "clock.h"
#include "eeprom.h"
#include "leds.h"
#include "line.h"
#include "pin.h"
#include <avr/interrupt.h>
#include <avr/sleep.h>
#include <avr/wdt.h>

enum { BUTTON_PINS = BIT_OF(PIN_BUTTON_0) | BIT_OF(PIN_BUTTON_1) | BIT_OF(PIN_BUTTON_2) | BIT_OF(PIN_BUTTON_3) };
_Static_assert(BUTTON_PINS == (1 << BUTTONS) - 1, "the buttons are the lowest bits of one port, in their order");
enum { LOW_TONE_HZ = 1200, HIGH_TONE_HZ = 2400 };

static struct panel panel;

static void inputs_start(void)
{
    PORT_OF(PIN_BUTTON_0) |= BUTTON_PINS; /* pull-ups */
    PIN_OUTPUT(PIN_STATUS);
    PIN_OUTPUT(PIN_BUZZER);
}

/** The buzzer is turned over by timer 2 twice a period. */
static void sound(enum tone tone)
{
    static enum tone sounding;
    if (tone == sounding) return;
    sounding = tone;
    if (tone == TONE_NONE) {
        TCCR2A = 0;
        TCCR2B = 0;
        return;
    }
    uint32_t counts = BOARD_CLOCK_HZ / 256 / 2 / (tone == TONE_LOW ? LOW_TONE_HZ : HIGH_TONE_HZ);
    OCR2A = (uint8_t)(counts - 1);
    OCR2B = 0;
    TCNT2 = 0;
    TCCR2A = _BV(COM2B0) | _BV(WGM21);
    TCCR2B = _BV(CS22) | _BV(CS21);
}

static void show(void)
{
    if (leds_are_free() && panel_render(&panel, leds_set)) leds_show();
}

/** Sends an answer that is due when at least one whole tick has passed since the request: the line turns round. */
static void answer(uint8_t last_byte_tick)
{
    if (!panel.answer_due || line_is_sending() || (uint8_t)(clock_tick() - last_byte_tick) < 2) return;
    panel.answer_due = false;
    line_send(panel.answer, panel.answer_length);
}

static void restart(void)
{
    wdt_enable(WDTO_15MS);
    for (;;) {}
}

int main(void)
{
    uint8_t last_byte_tick = 0;
    inputs_start();
    leds_start();
    line_start();
    clock_start();
    panel_start(&panel, GPIOR0);
    wdt_enable(WDTO_250MS);
    set_sleep_mode(SLEEP_MODE_IDLE);
    sei();
    for (;;) {
        wdt_reset();
        for (uint8_t byte; line_take(&byte);) {
            last_byte_tick = clock_tick();
            panel_receive(&panel, byte);
        }
        uint8_t down = (uint8_t)~INPUT_OF(PIN_BUTTON_0) & BUTTON_PINS;
        for (uint8_t ms = clock_passed_ms(); ms > 0; ms--) panel_tick(&panel, down);
        answer(last_byte_tick);
        eeprom_go_on();
        sound(panel_tone(&panel));
        if (panel.stale) PIN_LOW(PIN_STATUS);
        else PIN_HIGH(PIN_STATUS);
        show();
        if (panel.restart_due && !panel.answer_due && !line_is_sending() && !eeprom_is_writing()) restart();
        /* An interrupt that comes before the sleep ends the next one; the tick is at most 1 ms away. */
        sleep_mode();
    }
}
