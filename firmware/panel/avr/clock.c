#include "clock.h"
#include "pins.h"
#include <avr/interrupt.h>
#include <avr/io.h>

enum { PRESCALER = 64, TICKS_PER_SECOND = 1024, COUNTS = BOARD_CLOCK_HZ / PRESCALER / TICKS_PER_SECOND };
_Static_assert((uint32_t)COUNTS * PRESCALER * TICKS_PER_SECOND == BOARD_CLOCK_HZ, "the tick is exact");

static volatile uint8_t tick;
static uint8_t seen, fraction;

void clock_start(void)
{
    TCCR0A = _BV(WGM01);
    TCCR0B = _BV(CS01) | _BV(CS00);
    OCR0A = COUNTS - 1;
    TIMSK0 = _BV(OCIE0A);
}

ISR(TIMER0_COMPA_vect)
{
    tick++;
}

uint8_t clock_tick(void)
{
    return tick;
}

uint8_t clock_passed_ms(void)
{
    uint8_t ms = 0;
    /* 1,000/1,024 = 125/128 */
    for (uint8_t now = tick; seen != now; seen++) {
        fraction += 125;
        if (fraction < 128) continue;
        fraction -= 128;
        ms++;
    }
    return ms;
}
