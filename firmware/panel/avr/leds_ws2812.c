/**
 * A strip of WS2812: 24 bits for each lamp, green first, the highest bit first, and 50 us of silence to show them.
 * A bit is 19 cycles of 68 ns: high for 5 (0) or 11 (1) of them. Interrupts wait for one byte at most, 11 us; between
 * two bytes the strip waits for them, which is well below the silence that ends it.
 */
#include "clock.h"
#include "leds.h"
#include "pin.h"
#include <util/atomic.h>

enum { REFRESH_TICKS = 8 };

static struct light lights[LAMPS];
static uint8_t shown_tick;

void leds_start(void)
{
    PIN_LOW(PIN_RED_DATA);
    PIN_OUTPUT(PIN_RED_DATA);
}

bool leds_are_free(void)
{
    return (uint8_t)(clock_tick() - shown_tick) >= REFRESH_TICKS;
}

void leds_set(uint8_t lamp, struct light light)
{
    lights[lamp] = light;
}

static void send(uint8_t byte)
{
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
    {
        uint8_t high = PORT_OF(PIN_RED_DATA) | BIT_OF(PIN_RED_DATA);
        uint8_t low = high & (uint8_t)~BIT_OF(PIN_RED_DATA);
        uint8_t bits = 8;
        __asm__ volatile("1: out %[port], %[high]\n\t"
                         "lsl %[byte]\n\t"
                         "rjmp .+0\n\t"
                         "brcs 2f\n\t"
                         "out %[port], %[low]\n\t" /* 5 cycles high */
                         "2: rjmp .+0\n\t"
                         "rjmp .+0\n\t"
                         "nop\n\t"
                         "out %[port], %[low]\n\t" /* 11 cycles high */
                         "rjmp .+0\n\t"
                         "rjmp .+0\n\t"
                         "dec %[bits]\n\t"
                         "brne 1b\n\t"
                         : [byte] "+r"(byte), [bits] "+r"(bits)
                         : [port] "I"(_SFR_IO_ADDR(PORT_OF(PIN_RED_DATA))), [high] "r"(high), [low] "r"(low));
    }
}

void leds_show(void)
{
    for (uint8_t lamp = 0; lamp < LAMPS; lamp++) {
        send(lights[lamp].green);
        send(lights[lamp].red);
        send(lights[lamp].blue);
    }
    shown_tick = clock_tick();
}
