#include "request.h"
#include "board.h"
#include "hardware.h"
#include "journal.h"
#include "record.h"
#include <string.h>

enum { PROTOCOL_VERSION = 1, MAX_ADDRESS = 247, BROADCAST = 0, ALL_LAMPS = 0xFF, ANSWER_BIT = 0x80, REFUSED = 0xFF };
enum { HELLO = 1, SET_LAMPS, POLL, SETTINGS, SOUND, TEXT, UPDATE_BEGIN, UPDATE_DATA, UPDATE_FINISH };
enum refusal { UNKNOWN_TYPE = 1, BAD_PAYLOAD = 2, VERSION = 3 };
/** Colour (not with lamps of one colour), brightness, sound, update, settings. */
enum { CAPABILITIES = (PANEL_HARDWARE == ONE_COLOUR_595 ? 0 : 1) | 2 | 4 | 16 | 32 };

/** Of an answer's payload: its length, or the reason of refusal below zero. */
typedef int8_t outcome;
#define REFUSE(reason) ((outcome)-(reason))

static outcome hello(struct panel *panel, uint8_t *out)
{
    struct descriptor descriptor;
    image_descriptor(RUNNING_PAGE, &descriptor);
    uint8_t phase = journal_read().phase;
    panel->restarted = false;
    panel->greeted = true;
    *out++ = PROTOCOL_VERSION;
    memcpy(out, descriptor.version, 3);
    out += 3;
    *out++ = LAMPS;
    *out++ = BUTTONS;
    *out++ = 0;
    *out++ = CAPABILITIES;
    memcpy(out, panel->settings.serial, 8);
    out += 8;
    *out++ = PANEL_HARDWARE;
    *out++ = phase == JOURNAL_TRIAL || phase == JOURNAL_UNDONE ? phase : JOURNAL_SETTLED;
    *out++ = panel->reset_cause;
    *out = 0;
    return 20;
}

/** Firmware on trial has proven itself when a host has greeted it and been shown its lamps. */
static void settle(struct panel *panel)
{
    if (!panel->on_trial || !panel->greeted) return;
    panel->on_trial = false;
    journal_write((struct journal){.phase = JOURNAL_SETTLED});
}

static outcome set_lamps(struct panel *panel, const uint8_t *in, uint8_t length, uint8_t *out)
{
    if (length % 3 != 0) return REFUSE(BAD_PAYLOAD);
    for (uint8_t i = 0; i < length; i += 3)
        if (!lamp_is_look(in[i + 1])) return REFUSE(BAD_PAYLOAD);
    if (panel->stale) memset(panel->lamps, 0, sizeof panel->lamps);
    panel->stale = false;
    panel->lamps_changed = true;
    *out = 0;
    for (uint8_t i = 0; i < length; i += 3) {
        struct lamp lamp = {.look = in[i + 1], .brightness = in[i + 2]};
        if (in[i] == ALL_LAMPS)
            for (uint8_t n = 0; n < LAMPS; n++) panel->lamps[n] = lamp;
        else if (in[i] < LAMPS)
            panel->lamps[in[i]] = lamp;
        else
            *out = 1;
    }
    settle(panel);
    return 1;
}

/** The events live on in the answer, which is repeated until another request comes. */
static outcome poll(struct panel *panel, uint8_t length, uint8_t *out)
{
    if (length != 0) return REFUSE(BAD_PAYLOAD);
    uint8_t count = panel->event_count;
    out[0] = (panel->stale ? 1 : 0) | (panel->restarted ? 2 : 0) | (panel->events_lost ? 4 : 0);
    out[1] = panel->buttons.held;
    out[2] = (uint8_t)(panel->parser.discarded >> 8);
    out[3] = (uint8_t)panel->parser.discarded;
    memcpy(out + 4, panel->events, count * sizeof(struct event));
    panel->event_count = 0;
    panel->events_lost = false;
    return (outcome)(4 + count * sizeof(struct event));
}

static outcome change_settings(struct panel *panel, const uint8_t *in, uint8_t length, uint8_t *out)
{
    struct settings *settings = &panel->settings;
    if (length != 0) {
        if (length != 2 || in[0] == BROADCAST || in[0] > MAX_ADDRESS || in[1] == 0) return REFUSE(BAD_PAYLOAD);
        if (in[0] != settings->address || in[1] != settings->brightness_limit) {
            uint8_t bytes[RECORD_MAX];
            settings->address = in[0];
            settings->brightness_limit = in[1];
            panel->lamps_changed = true;
            uint16_t at = record_prepare(SETTINGS_AT, SETTINGS_SIZE, (const uint8_t *)settings, bytes);
            board_eeprom_write(at, bytes, SETTINGS_SIZE + RECORD_OVERHEAD);
        }
    }
    out[0] = settings->address;
    out[1] = settings->brightness_limit;
    return 2;
}

static outcome make_sound(struct panel *panel, const uint8_t *in, uint8_t length)
{
    if (length != 1 || in[0] >= SOUNDS) return REFUSE(BAD_PAYLOAD);
    panel->sound = (enum sound)in[0];
    panel->since_sound_ms = 0;
    return 0;
}

static uint16_t number(const uint8_t *in)
{
    return (uint16_t)((in[0] << 8) | in[1]);
}

static outcome begin_update(struct panel *panel, const uint8_t *in, uint8_t length, uint8_t *out)
{
    if (length != 10 || number(in + 4) == 0) return REFUSE(BAD_PAYLOAD);
    uint32_t checksum = (uint32_t)number(in + 6) << 16 | number(in + 8);
    out[0] = update_begin(&panel->update, in[0], number(in + 4), checksum);
    return 1;
}

static outcome take_update(struct panel *panel, const uint8_t *in, uint8_t length, uint8_t *out)
{
    if (length < 3 || length > 2 + UPDATE_MAX_BYTES) return REFUSE(BAD_PAYLOAD);
    out[0] = update_data(&panel->update, number(in), in + 2, length - 2);
    uint16_t next = panel->update.begun ? panel->update.next : 0;
    out[1] = (uint8_t)(next >> 8);
    out[2] = (uint8_t)next;
    return 3;
}

static outcome finish_update(struct panel *panel, uint8_t length, uint8_t *out)
{
    if (length != 0) return REFUSE(BAD_PAYLOAD);
    out[0] = update_finish(&panel->update);
    panel->restart_due = out[0] == FINISH_RESTARTING;
    return 1;
}

static outcome work(struct panel *panel, const struct frame *frame, uint8_t *out)
{
    const uint8_t *in = frame->payload;
    uint8_t length = frame->length;
    if (frame->type == HELLO) return hello(panel, out);
    if (frame->version != PROTOCOL_VERSION) return REFUSE(VERSION);
    switch (frame->type) {
    case SET_LAMPS:
        return set_lamps(panel, in, length, out);
    case POLL:
        return poll(panel, length, out);
    case SETTINGS:
        return change_settings(panel, in, length, out);
    case SOUND:
        return make_sound(panel, in, length);
    case UPDATE_BEGIN:
        return begin_update(panel, in, length, out);
    case UPDATE_DATA:
        return take_update(panel, in, length, out);
    case UPDATE_FINISH:
        return finish_update(panel, length, out);
    default:
        return REFUSE(UNKNOWN_TYPE);
    }
}

/** Whether this is the request before once more: its answer was lost. Hello is always done. */
static bool is_repeat(const struct panel *panel, const struct frame *frame)
{
    if (panel->answer_length == 0 || frame->type == HELLO || frame->sequence != panel->answer[4]) return false;
    return frame->type == panel->answered_type;
}

void request_take(struct panel *panel, const struct frame *frame)
{
    uint8_t address = panel->settings.address;
    bool is_for_all = frame->address == BROADCAST;
    if (frame->type & ANSWER_BIT || (frame->address != address && !is_for_all)) return;
    panel->since_request_ms = 0;
    uint8_t scratch[MAX_ANSWER];
    if (is_for_all) {
        if (frame->type == SET_LAMPS || frame->type == SOUND) work(panel, frame, scratch);
        return;
    }
    panel->answer_due = true;
    if (is_repeat(panel, frame)) return;
    uint8_t *payload = panel->answer + FRAME_HEADER;
    outcome length = work(panel, frame, payload);
    uint8_t type = frame->type | ANSWER_BIT;
    if (length < 0) {
        payload[0] = (uint8_t)-length;
        type = REFUSED;
        length = 1;
    }
    panel->answered_type = frame->type;
    panel->answer_length = frame_seal(panel->answer, address, frame->sequence, type, (uint8_t)length);
}
