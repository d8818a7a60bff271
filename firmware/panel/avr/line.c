#include "line.h"
#include "pin.h"
#include <avr/interrupt.h>

#define BAUD 115200ul
#define DIVIDER (BOARD_CLOCK_HZ / 16 / BAUD)
_Static_assert(DIVIDER * 16 * BAUD == BOARD_CLOCK_HZ, "the baud rate is exact");

/** A power of two; a whole frame fits, so that the panel can think (or write its flash) meanwhile. */
enum { ROOM = 128 };

static volatile uint8_t received[ROOM];
static volatile uint8_t head;
static uint8_t tail;
static const uint8_t *volatile to_send;
static volatile uint8_t left;
static volatile bool sending;

void line_start(void)
{
    PIN_LOW(PIN_LINE_DRIVE);
    PIN_OUTPUT(PIN_LINE_DRIVE);
    UBRR0 = DIVIDER - 1;
    UCSR0A = 0;
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0) | _BV(TXCIE0);
}

ISR(USART_RX_vect)
{
    uint8_t byte = UDR0;
    uint8_t next = (head + 1) % ROOM;
    /* Its own answer comes back where the transceiver listens meanwhile. */
    if (sending || next == tail) return;
    received[head] = byte;
    head = next;
}

ISR(USART_UDRE_vect)
{
    UDR0 = *to_send++;
    if (--left == 0) UCSR0B &= (uint8_t)~_BV(UDRIE0);
}

ISR(USART_TX_vect)
{
    if (left > 0) return;
    PIN_LOW(PIN_LINE_DRIVE);
    sending = false;
}

bool line_take(uint8_t *byte)
{
    if (tail == head) return false;
    *byte = received[tail];
    tail = (tail + 1) % ROOM;
    return true;
}

void line_send(const uint8_t *bytes, uint8_t length)
{
    to_send = bytes;
    left = length;
    sending = true;
    PIN_HIGH(PIN_LINE_DRIVE);
    UCSR0B |= _BV(UDRIE0);
}

bool line_is_sending(void)
{
    return sending;
}
