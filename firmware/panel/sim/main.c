/**
 * panelsim FIRMWARE.bin BOOTLOADER.bin [PTY-LINK]: a panel whose microcontroller runs the true firmware.
 *
 * The firmware's descriptor says which lamps the board has: shift registers, or a WS2812 strip.
 * With a link its serial line is a PTY and its time the real one; without, time passes by the command run only, so
 * that every run is the same. Commands on standard input, one a line; JSON lines on standard output, each with the
 * panel's time t in ms: {"lamps": …} power of each lamp's red, green and blue, over 1/120 s, when it changes;
 * {"tx": …} what the panel sent; {"tone": Hz}; {"status": 0 or 1}; {"started": true} at each start.
 *
 *   run MS              time passes; {"ran": true} at its end
 *   rx HEX              bytes come over the line, with a PTY: noise on it
 *   noise HEX           bytes come to the host
 *   baud N              speed of the host's bytes without a PTY; with one it is what the host has set
 *   press N, release N  a button
 *   reset               by the pin
 *   power off, power on
 *   cut N               the power goes in the middle of the Nth erasure or write of a page from now on
 *   unplug, plug        the PTY
 *   stack               the deepest the stack of the firmware was since the start, {"stack": bytes}
 *   quit
 */
#define _GNU_SOURCE
#include "sim.h"
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <simavr/avr_ioport.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { BOOT_AT = 0x7000, RAM_AT = 0x100, HARDWARE_AT = 0x6C, WS2812 = 3 };
/** Registers of the ATmega328P, and bits of MCUSR. */
enum { MCUSR = 0x54, POWER_ON = 1, BY_PIN = 2, EICRA = 0x69, BY_EDGE = 0x0F, SP_LOW = 0x5D, SP_HIGH = 0x5E };

avr_t *avr;
static const char *pty_link;
static int slave_fd = -1;
static bool has_power;
static uint8_t pressed;
static unsigned lowest_stack;

double now_ms(void)
{
    return (double)avr->cycle * 1000 / avr->frequency;
}

void tell(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    putchar('{');
    vprintf(format, arguments);
    printf(",\"t\":%.3f}\n", now_ms());
    fflush(stdout);
    va_end(arguments);
}

avr_irq_t *pin_irq(char port, int bit)
{
    return avr_io_getirq(avr, (uint32_t)AVR_IOCTL_IOPORT_GETIRQ(port), bit);
}

static void load(const char *file, unsigned at, unsigned room)
{
    FILE *in = fopen(file, "rb");
    if (!in || fread(avr->flash + at, 1, room, in) == 0) {
        perror(file);
        exit(2);
    }
    fclose(in);
}

static void set_button(int button, bool down)
{
    pressed = (uint8_t)(down ? pressed | 1u << button : pressed & ~(1u << button));
    /* Stands at the pin whatever the firmware does with its pull-ups … */
    uint8_t high = (uint8_t)~pressed & ((1u << BUTTONS) - 1);
    avr_ioport_external_t pins = {
        .name = (unsigned long)PORT_LETTER(PIN_BUTTON_0), .mask = (1u << BUTTONS) - 1, .value = high};
    avr_ioctl(avr, (uint32_t)AVR_IOCTL_IOPORT_SET_EXTERNAL(PORT_LETTER(PIN_BUTTON_0)), &pins);
    /* … and is told even if it is the same as before: a reset has forgotten it. */
    avr_irq_t *pin = pin_irq(PORT_LETTER(PIN_BUTTON_0), PIN_BIT(PIN_BUTTON_0) + button);
    avr_raise_irq(pin, down ? 1 : 0);
    avr_raise_irq(pin, down ? 0 : 1);
}

static bool was_reset;
static void (*reset_core)(avr_t *);

/** At each reset, also by the watchdog: the pins float, and libsimavr has forgotten every timer. */
static void on_reset(avr_t *of)
{
    if (reset_core) reset_core(of);
    lamps_go_dark();
    line_go_dark();
    was_reset = true;
}

static void start(uint8_t cause)
{
    avr_reset(avr);
    avr->data[MCUSR] = cause;
}

/** What stands at the pins is seen again after a reset. */
static void set_inputs(void)
{
    was_reset = false;
    lowest_stack = avr->ramend;
    /* The firmware has no external interrupts; libsimavr would look for them in each cycle while their pins are low. */
    avr->data[EICRA] = BY_EDGE;
    for (int button = 0; button < BUTTONS; button++) set_button(button, pressed >> button & 1);
}

static void power(bool on)
{
    has_power = on;
    if (!on) {
        lamps_go_dark();
        line_go_dark();
        return;
    }
    for (unsigned at = RAM_AT; at <= avr->ramend; at++) avr->data[at] = (uint8_t)(at * 29);
    start(POWER_ON);
}

/** Runs it up to a cycle, or until its power goes. */
static void run_until(avr_cycle_count_t end)
{
    static bool was_booting;
    while (has_power && avr->cycle < end) {
        if (was_reset) set_inputs();
        int state = avr_run(avr);
        if (state == cpu_Done || state == cpu_Crashed) {
            tell("\"error\":\"the microcontroller stopped at %04x\"", avr->pc);
            exit(1);
        }
        if (flash_was_cut()) {
            power(false);
            tell("\"cut\":true");
        }
        bool is_booting = avr->pc >= BOOT_AT;
        if (was_booting && avr->pc == 0) tell("\"started\":true");
        was_booting = is_booting;
        unsigned stack = avr->data[SP_LOW] | (unsigned)avr->data[SP_HIGH] << 8;
        if (!is_booting && stack >= RAM_AT && stack < lowest_stack) lowest_stack = stack;
    }
    if (!has_power && avr->cycle < end) avr->cycle = end;
    if (line_fd < 0) line_tell_sent();
}

static void plug(void)
{
    struct termios raw = {0};
    char name[128];
    cfmakeraw(&raw);
    cfsetspeed(&raw, B115200);
    if (openpty(&line_fd, &slave_fd, name, &raw, NULL) != 0) {
        perror("openpty");
        exit(2);
    }
    fcntl(line_fd, F_SETFL, O_NONBLOCK);
    unlink(pty_link);
    if (symlink(name, pty_link) != 0) perror(pty_link);
    tell("\"device\":\"%s\"", pty_link);
}

static void unplug(void)
{
    if (line_fd < 0) return;
    unlink(pty_link);
    close(line_fd);
    close(slave_fd);
    line_fd = -1;
}

static long baud_of(speed_t speed)
{
    static const struct {
        speed_t speed;
        long baud;
    } speeds[] = {{B9600, 9600}, {B19200, 19200}, {B38400, 38400}, {B57600, 57600}, {B115200, 115200}, {B230400, 230400}};
    for (unsigned i = 0; i < sizeof speeds / sizeof *speeds; i++)
        if (speeds[i].speed == speed) return speeds[i].baud;
    return 0;
}

static void pump_pty(void)
{
    uint8_t bytes[512];
    struct termios set;
    ssize_t length = read(line_fd, bytes, sizeof bytes);
    if (length <= 0) return;
    if (tcgetattr(line_fd, &set) == 0) line_set_host_baud(baud_of(cfgetospeed(&set)));
    if (has_power) line_receive(bytes, (int)length);
}

static int parse_hex(const char *text, uint8_t *bytes, int size)
{
    int length = 0;
    for (unsigned value; length < size && sscanf(text, "%2x", &value) == 1; text += 2) bytes[length++] = (uint8_t)value;
    return length;
}

/** False: it is to end. */
static bool command(char *text)
{
    uint8_t bytes[4096];
    char *argument = strchr(text, ' ');
    if (argument) *argument++ = 0;
    else argument = text + strlen(text);
    int number = atoi(argument);
    if (strcmp(text, "run") == 0) {
        avr_cycle_count_t end = avr->cycle + (avr_cycle_count_t)(atof(argument) * avr->frequency / 1000);
        while (avr->cycle < end) {
            avr_cycle_count_t slice = avr->cycle + avr->frequency / 1000;
            run_until(slice < end ? slice : end);
        }
        tell("\"ran\":true");
    } else if (strcmp(text, "rx") == 0) {
        int length = parse_hex(argument, bytes, sizeof bytes);
        if (has_power) line_receive(bytes, length);
    } else if (strcmp(text, "noise") == 0) {
        int length = parse_hex(argument, bytes, sizeof bytes);
        if (line_fd >= 0 && write(line_fd, bytes, (size_t)length) < 0) perror("pty");
    } else if (strcmp(text, "baud") == 0) line_set_host_baud(number);
    else if (strcmp(text, "press") == 0) set_button(number, true);
    else if (strcmp(text, "release") == 0) set_button(number, false);
    else if (strcmp(text, "reset") == 0) start(BY_PIN);
    else if (strcmp(text, "power") == 0) power(strcmp(argument, "on") == 0);
    else if (strcmp(text, "cut") == 0) flash_cut_after = number;
    else if (strcmp(text, "unplug") == 0) unplug();
    else if (strcmp(text, "plug") == 0) plug();
    else if (strcmp(text, "stack") == 0) tell("\"stack\":%u", avr->ramend - lowest_stack);
    else if (strcmp(text, "quit") == 0) return false;
    else fprintf(stderr, "unknown command: %s\n", text);
    return true;
}

/** Takes whole lines of standard input; false: it ended, or said quit. */
static bool commands(void)
{
    static char text[32768];
    static size_t length;
    ssize_t got = read(STDIN_FILENO, text + length, sizeof text - length - 1);
    if (got == 0) return false;
    if (got > 0) length += (size_t)got;
    for (char *end; (end = memchr(text, '\n', length)) != NULL;) {
        *end = 0;
        size_t used = (size_t)(end - text) + 1;
        if (!command(text)) return false;
        length -= used;
        memmove(text, text + used, length);
    }
    return true;
}

static void no_sleep(avr_t *of, avr_cycle_count_t cycles)
{
    (void)of, (void)cycles;
}

/** The panel's time is the machine's; after a pause of the machine it goes on from there. */
static void run_in_real_time(void)
{
    struct timespec began, now;
    clock_gettime(CLOCK_MONOTONIC, &began);
    double base = now_ms();
    for (struct pollfd in[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.events = POLLIN}};;) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        double due = base + (double)(now.tv_sec - began.tv_sec) * 1e3 + (double)(now.tv_nsec - began.tv_nsec) / 1e6;
        double behind = due - now_ms();
        if (behind > 1000) base -= behind;
        else if (behind > 0) run_until(avr->cycle + (avr_cycle_count_t)(behind * avr->frequency / 1000));
        in[1].fd = line_fd;
        poll(in, line_fd >= 0 ? 2 : 1, 1);
        if (line_fd >= 0) pump_pty();
        if (in[0].revents && !commands()) return;
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) return fprintf(stderr, "usage: panelsim FIRMWARE.bin BOOTLOADER.bin [PTY-LINK]\n"), 2;
    avr = avr_make_mcu_by_name("atmega328p");
    if (!avr) return fprintf(stderr, "libsimavr knows no ATmega328P\n"), 2;
    avr_init(avr);
    avr->frequency = BOARD_CLOCK_HZ;
    avr->log = LOG_ERROR;
    avr->sleep = no_sleep;
    avr->codeend = avr->flashend;
    avr->reset_pc = BOOT_AT; /* the fuse BOOTRST */
    memset(avr->flash, 0xFF, avr->flashend + 1);
    load(argv[1], 0, BOOT_AT);
    load(argv[2], BOOT_AT, avr->flashend + 1 - BOOT_AT);
    lamps_attach(avr->flash[HARDWARE_AT] == WS2812);
    line_attach();
    flash_attach();
    reset_core = avr->reset;
    avr->reset = on_reset;
    power(true);
    if (argc > 3) {
        pty_link = argv[3];
        plug();
        run_in_real_time();
        unplug();
    } else
        while (commands()) {}
    return 0;
}
