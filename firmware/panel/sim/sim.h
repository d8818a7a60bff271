/** The simulated board: the true firmware on libsimavr, with what hangs at its pins. */
#pragma once
#include "../avr/pins.h"
#include <simavr/sim_avr.h>
#include <stdbool.h>
#include <stdint.h>

#define PORT_LETTER_(port, bit) (#port[0])
#define PIN_BIT_(port, bit) (bit)
#define PORT_LETTER(...) PORT_LETTER_(__VA_ARGS__)
#define PIN_BIT(...) PIN_BIT_(__VA_ARGS__)

enum { LAMPS = 32, BUTTONS = 4 };

extern avr_t *avr;
/** Milliseconds of the panel's own time. */
double now_ms(void);
/** One JSON line. */
void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
avr_irq_t *pin_irq(char port, int bit);

/** lamps.c: shift registers, LEDs, buzzer, status light. */
void lamps_attach(bool have_strip);
void lamps_go_dark(void);

/** strip.c: a WS2812 strip in place of the registers. */
void strip_attach(void);
/** Looks whether it has been silent for long enough to show what came. */
void strip_silence(void);
unsigned strip_power(int lamp, int colour);
void strip_go_dark(void);

/** line.c: the serial line. */
void line_attach(void);
/** Bytes of the host come over the line one after the other. */
void line_receive(const uint8_t *bytes, int length);
/** The speed the host has set, for bytes in both directions. */
void line_set_host_baud(long baud);
/** What the panel sent in one go, told when it has ended; only without a PTY. */
void line_tell_sent(void);
void line_go_dark(void);
/** Where the panel's bytes go to: a PTY, or -1: told as JSON. */
extern int line_fd;

/** flash.c: writes to the program memory, and the loss of power in them. */
void flash_attach(void);
/** The power goes in the middle of this many further erasures and writes of a page; 0: it does not. */
extern int flash_cut_after;
/** After each instruction: lets the time of a write pass. True once, after the power went in one. */
bool flash_was_cut(void);
