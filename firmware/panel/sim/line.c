/** The serial line, bit by bit where host and panel do not agree on its speed. */
#include "sim.h"
#include <errno.h>
#include <simavr/avr_ioport.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_cycle_timers.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { QUEUE = 8192, BITS = 10, SENT = 512 };
/** UBRR0, and U2X0 in UCSR0A, of the ATmega328P. */
enum { UCSR0A = 0xC0, UBRR0L = 0xC4, UBRR0H = 0xC5, U2X0 = 2 };

int line_fd = -1;
static uint8_t queue[QUEUE];
static unsigned head, tail;
static bool timer_runs, is_driven, was_driven;
static long host_baud = 115200;
static uint8_t sent[SENT];
static int sent_length;
static avr_cycle_count_t last_in, first_out, last_out;

static double panel_baud(void)
{
    unsigned divider = (avr->data[UBRR0L] | avr->data[UBRR0H] << 8) + 1u;
    return (double)avr->frequency / (avr->data[UCSR0A] & U2X0 ? 8 : 16) / divider;
}

/** What a receiver at one speed makes of bytes sent without a gap at another: it looks at the middle of its own bits. */
static int as_received(const uint8_t *bytes, int length, double from_baud, double to_baud, uint8_t *out, int room)
{
    int count = 0;
    long bits = (long)length * BITS;
#define LEVEL(bit) ((bit) >= bits || (bit) % BITS == BITS - 1 ? 1 : (bit) % BITS == 0 ? 0 : bytes[(bit) / BITS] >> ((bit) % BITS - 1) & 1)
    double time = 0;
    while (count < room) {
        long edge = (long)(time * from_baud + 1e-6);
        while (edge < bits && LEVEL(edge)) edge++;
        if (edge >= bits) break;
        double start = edge / from_baud > time ? edge / from_baud : time;
        uint8_t byte = 0;
        for (int i = 0; i < 8; i++) {
            long at = (long)((start + (1.5 + i) / to_baud) * from_baud);
            byte |= (uint8_t)(LEVEL(at) << i);
        }
        out[count++] = byte;
        time = start + 9.5 / to_baud;
    }
    return count;
}

static avr_cycle_count_t deliver(avr_t *of, avr_cycle_count_t when, void *param)
{
    (void)param;
    if (head == tail) {
        timer_runs = false;
        return 0;
    }
    last_in = when;
    avr_raise_irq(avr_io_getirq(of, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT), queue[tail]);
    tail = (tail + 1) % QUEUE;
    return when + (avr_cycle_count_t)(of->frequency * BITS / host_baud);
}

void line_receive(const uint8_t *bytes, int length)
{
    static uint8_t heard[QUEUE];
    double baud = panel_baud();
    double ratio = host_baud / baud;
    if (ratio < 0.97 || ratio > 1.03) {
        length = as_received(bytes, length, (double)host_baud, baud, heard, QUEUE);
        bytes = heard;
    }
    for (int i = 0; i < length && (head + 1) % QUEUE != tail; i++) {
        queue[head] = bytes[i];
        head = (head + 1) % QUEUE;
    }
    if (timer_runs || head == tail) return;
    timer_runs = true;
    avr_cycle_timer_register(avr, (avr_cycle_count_t)(avr->frequency * BITS / host_baud), deliver, NULL);
}

void line_set_host_baud(long baud)
{
    if (baud > 0) host_baud = baud;
}

static void on_drive(avr_irq_t *irq, uint32_t level, void *param)
{
    (void)irq, (void)param;
    is_driven = level != 0;
}

static void on_sent(avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)param;
    uint8_t byte = (uint8_t)value, heard[BITS];
    if (!is_driven) tell("\"error\":\"a byte was sent with the driver off\"");
    if (line_fd >= 0) {
        double ratio = host_baud / panel_baud();
        int length = 1;
        heard[0] = byte;
        if (ratio < 0.97 || ratio > 1.03)
            length = as_received(&byte, 1, panel_baud(), (double)host_baud, heard, BITS);
        /* A host that does not read loses bytes, as on a real line. */
        if (write(line_fd, heard, (size_t)length) < 0 && errno != EAGAIN && errno != EIO) perror("pty");
        return;
    }
    if (sent_length == 0) {
        first_out = avr->cycle;
        was_driven = true;
    }
    was_driven &= is_driven;
    last_out = avr->cycle;
    if (sent_length < SENT) sent[sent_length++] = byte;
}

void line_tell_sent(void)
{
    if (sent_length == 0 || avr->cycle - last_out < avr->frequency / 1000) return;
    char hex[SENT * 2 + 1];
    for (int i = 0; i < sent_length; i++) sprintf(hex + i * 2, "%02x", sent[i]);
    sent_length = 0;
    tell("\"tx\":\"%s\",\"afterMs\":%.3f,\"driven\":%s", hex,
         ((double)first_out - (double)last_in) * 1000 / avr->frequency, was_driven && !is_driven ? "true" : "false");
}

/** At a reset: what is under way is lost. */
void line_go_dark(void)
{
    avr_cycle_timer_cancel(avr, deliver, NULL);
    timer_runs = false;
    is_driven = false;
    head = tail;
    sent_length = 0;
}

void line_attach(void)
{
    uint32_t flags = 0;
    avr_ioctl(avr, AVR_IOCTL_UART_GET_FLAGS('0'), &flags);
    flags &= ~(uint32_t)(AVR_UART_FLAG_STDIO | AVR_UART_FLAG_POLL_SLEEP);
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), on_sent, NULL);
    avr_irq_register_notify(pin_irq(PORT_LETTER(PIN_LINE_DRIVE), PIN_BIT(PIN_LINE_DRIVE)), on_drive, NULL);
}
