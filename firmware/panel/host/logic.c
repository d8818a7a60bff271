/**
 * The panel's logic on the host, for tests: commands on standard input, one a line, JSON lines on standard output.
 * The simulation (sim/) takes the same ones.
 *
 *   rx HEX        bytes come over the line
 *   run MS        time passes; prints {"tx": HEX} for an answer, {"lamps": …} for a change, {"started": …} for a
 *                 restart, and {"ran": true} at its end
 *   press N, release N
 *   flash HEX     an image becomes the running firmware, everything else is erased; restarts
 *   reset         restarts, by the pin
 *   other         prints the image in the second place, {"image": HEX}
 *   crc HEX       prints {"crc16": HEX, "crc32": HEX}
 *   scan HEX…     bytes into a parser of its own, piece by piece; prints what it found, {"frames": …}
 */
#include "../boot/swap.h"
#include "../src/crc.h"
#include "../src/panel.h"
#include "memory.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct panel panel;
static uint8_t down;
static unsigned long now_ms;
static char shown[LAMPS * 6 + 1];
static char line[80000];

static void print_hex(const uint8_t *bytes, unsigned length)
{
    for (unsigned i = 0; i < length; i++) printf("%02x", bytes[i]);
}

static unsigned parse_hex(const char *text, uint8_t *bytes, unsigned size)
{
    unsigned length = 0;
    for (unsigned value; length < size && sscanf(text, "%2x", &value) == 1; text += 2) bytes[length++] = (uint8_t)value;
    return length;
}

static void start(uint8_t cause)
{
    bool runs = boot_prepare();
    panel_start(&panel, cause);
    printf("{\"started\":%s,\"t\":%lu}\n", runs ? "true" : "false", now_ms);
}

static void set_light(uint8_t lamp, struct light light)
{
    sprintf(shown + lamp * 6, "%02x%02x%02x", light.red, light.green, light.blue);
}

static void show(void)
{
    if (!panel_render(&panel, set_light)) return;
    printf("{\"lamps\":\"%s\",\"t\":%lu}\n", shown, now_ms);
}

static void run(unsigned long duration_ms)
{
    while (duration_ms-- > 0) {
        now_ms++;
        panel_tick(&panel, down);
        show();
        if (panel.answer_due) {
            panel.answer_due = false;
            printf("{\"tx\":\"");
            print_hex(panel.answer, panel.answer_length);
            printf("\",\"t\":%lu}\n", now_ms);
        }
        if (panel.restart_due) start(8);
    }
    printf("{\"ran\":true,\"t\":%lu}\n", now_ms);
}

static void scan(char *pieces)
{
    struct frame_parser parser = {0};
    struct frame frame;
    uint8_t bytes[1024];
    const char *comma = "";
    printf("{\"frames\":[");
    for (char *piece = strtok(pieces, " \n"); piece; piece = strtok(NULL, " \n")) {
        unsigned length = parse_hex(piece, bytes, sizeof bytes);
        for (unsigned i = 0; i < length; i++) {
            frame_push(&parser, bytes[i]);
            while (frame_next(&parser, &frame)) {
                printf("%s\"", comma);
                print_hex(frame.payload - FRAME_HEADER, FRAME_HEADER + frame.length + FRAME_CRC);
                printf("\"");
                comma = ",";
            }
        }
    }
    printf("],\"discardedBytes\":%u,\"pendingBytes\":%u}\n", parser.discarded, parser.length);
}

static void checksums(const char *text)
{
    uint8_t bytes[1024];
    unsigned length = parse_hex(text, bytes, sizeof bytes);
    uint16_t crc16 = CRC16_START;
    uint32_t crc32 = CRC32_START;
    for (unsigned i = 0; i < length; i++) {
        crc16 = crc16_update(crc16, bytes[i]);
        crc32 = crc32_update(crc32, bytes[i]);
    }
    printf("{\"crc16\":\"%04x\",\"crc32\":\"%08x\"}\n", crc16, (unsigned)~crc32);
}

static void print_other(void)
{
    struct descriptor descriptor;
    bool whole = image_is_whole(OTHER_PAGE, &descriptor);
    printf("{\"image\":\"");
    if (whole) print_hex(flash + OTHER_PAGE * FLASH_PAGE, descriptor.length);
    printf("\"}\n");
}

static bool command(char *text)
{
    char *argument = strchr(text, ' ');
    if (argument) *argument++ = 0;
    else argument = text + strlen(text);
    if (strcmp(text, "rx") == 0) {
        uint8_t bytes[1024];
        unsigned length = parse_hex(argument, bytes, sizeof bytes);
        for (unsigned i = 0; i < length; i++) panel_receive(&panel, bytes[i]);
    } else if (strcmp(text, "run") == 0) run(strtoul(argument, NULL, 10));
    else if (strcmp(text, "press") == 0) down |= (uint8_t)(1u << atoi(argument));
    else if (strcmp(text, "release") == 0) down &= (uint8_t)~(1u << atoi(argument));
    else if (strcmp(text, "reset") == 0) start(2);
    else if (strcmp(text, "flash") == 0) {
        memory_erase();
        parse_hex(argument, flash, FLASH_BYTES);
        start(1);
    } else if (strcmp(text, "other") == 0) print_other();
    else if (strcmp(text, "crc") == 0) checksums(argument);
    else if (strcmp(text, "scan") == 0) scan(argument);
    else return false;
    return true;
}

int main(void)
{
    memory_erase();
    start(1);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (!command(line)) {
            fprintf(stderr, "unknown command: %s\n", line);
            return 1;
        }
        fflush(stdout);
    }
    return 0;
}
