/** A lamp panel as the host sees it; hardware/panel-protocol.md. It knows no pins: avr/ and host/ bring time and bytes. */
#pragma once
#include "buttons.h"
#include "frame.h"
#include "lamps.h"
#include "sound.h"
#include "update.h"
#include <stdbool.h>
#include <stdint.h>

enum { MAX_EVENTS = 16, MAX_ANSWER = FRAME_HEADER + 4 + 2 * MAX_EVENTS + FRAME_CRC };

struct event {
    uint8_t button, action;
};

/** What outlives a loss of power. */
struct settings {
    uint8_t address, brightness_limit, serial[8];
};

struct panel {
    struct settings settings;
    struct frame_parser parser;
    struct lamp lamps[LAMPS];
    /** What the lamps show has changed otherwise than by their patterns. */
    bool lamps_changed;
    /** Patterns in use, bit 0 = the first, and the moment they were rendered for last. */
    uint8_t patterns_used;
    struct moment rendered;
    struct buttons buttons;
    struct event events[MAX_EVENTS];
    uint8_t event_count;
    bool events_lost;
    bool stale, restarted;
    /** A hello was answered since the start. */
    bool greeted;
    bool on_trial;
    /** Restart once the answer is out. */
    bool restart_due;
    /** MCUSR of the last start. */
    uint8_t reset_cause;
    uint16_t since_byte_ms, since_request_ms, since_start_ms, since_sound_ms;
    uint16_t phase_ms;
    enum sound sound;
    struct update update;
    /** The last answer; sent again when its request comes again. */
    uint8_t answer[MAX_ANSWER];
    uint8_t answer_length;
    /** Type of the request it answers. */
    uint8_t answered_type;
    bool answer_due;
};

/** Reads its settings; stale from then on. */
void panel_start(struct panel *panel, uint8_t reset_cause);
/** A byte came over the line. */
void panel_receive(struct panel *panel, uint8_t byte);
/** Each millisecond: which buttons are down, bit 0 = button 0. */
void panel_tick(struct panel *panel, uint8_t buttons_down);
/** Sets the light of each lamp, if that of any has changed since the last time; returns whether. */
bool panel_render(struct panel *panel, void (*set)(uint8_t lamp, struct light light));
enum tone panel_tone(const struct panel *panel);
