#include "panel.h"
#include "journal.h"
#include "record.h"
#include "request.h"
#include <string.h>

enum { LINE_GAP_MS = 50, STALE_MS = 3000, TRIAL_MS = 30000 };

static const struct lamp stale_lamp = {.look = COLOUR_WHITE << 4 | PATTERN_BREATHING, .brightness = 64};

_Static_assert(sizeof(struct settings) == SETTINGS_SIZE, "the record holds the settings, without gaps");

void panel_start(struct panel *panel, uint8_t reset_cause)
{
    memset(panel, 0, sizeof *panel);
    panel->settings.address = 1;
    panel->settings.brightness_limit = 255;
    record_read(SETTINGS_AT, SETTINGS_SIZE, (uint8_t *)&panel->settings);
    panel->reset_cause = reset_cause;
    panel->stale = true;
    panel->lamps_changed = true;
    panel->restarted = true;
    panel->on_trial = journal_read().phase == JOURNAL_TRIAL;
}

static void take_frames(struct panel *panel)
{
    struct frame frame;
    while (frame_next(&panel->parser, &frame)) request_take(panel, &frame);
}

void panel_receive(struct panel *panel, uint8_t byte)
{
    panel->since_byte_ms = 0;
    frame_push(&panel->parser, byte);
    take_frames(panel);
}

/** What was said of a button while nobody asks is of no use later. */
static void button_changed(void *context, uint8_t button, enum button_action action)
{
    struct panel *panel = context;
    if (panel->stale) {
        panel->events_lost = true;
        return;
    }
    if (panel->event_count == MAX_EVENTS) {
        panel->events_lost = true;
        panel->event_count--;
        memmove(panel->events, panel->events + 1, sizeof(struct event) * (MAX_EVENTS - 1));
    }
    panel->events[panel->event_count++] = (struct event){button, action};
}

static void become_stale(struct panel *panel)
{
    panel->stale = true;
    panel->lamps_changed = true;
    panel->sound = SOUND_SILENCE;
    if (panel->event_count > 0) panel->events_lost = true;
    panel->event_count = 0;
}

/** Counts up to a limit and stays there. */
static bool reaches(uint16_t *counter, uint16_t limit)
{
    if (*counter < limit) (*counter)++;
    return *counter >= limit;
}

void panel_tick(struct panel *panel, uint8_t buttons_down)
{
    if (++panel->phase_ms >= PATTERN_MS) panel->phase_ms = 0;
    reaches(&panel->since_sound_ms, ALARM_MS);
    if (reaches(&panel->since_byte_ms, LINE_GAP_MS))
        while (frame_give_up(&panel->parser)) take_frames(panel);
    if (reaches(&panel->since_request_ms, STALE_MS) && !panel->stale) become_stale(panel);
    buttons_sample(&panel->buttons, buttons_down, button_changed, panel);
    if (panel->on_trial && reaches(&panel->since_start_ms, TRIAL_MS)) panel->restart_due = true;
}

bool panel_render(struct panel *panel, void (*set)(uint8_t lamp, struct light light))
{
    struct moment moment = lamp_moment(panel->phase_ms);
    bool changed = panel->lamps_changed;
    for (uint8_t pattern = 0; pattern < PATTERNS; pattern++)
        if (panel->patterns_used & 1 << pattern && moment.envelope[pattern] != panel->rendered.envelope[pattern])
            changed = true;
    if (!changed) return false;
    panel->lamps_changed = false;
    panel->rendered = moment;
    panel->patterns_used = 0;
    for (uint8_t i = 0; i < LAMPS; i++) {
        struct lamp lamp = panel->stale ? stale_lamp : panel->lamps[i];
        panel->patterns_used |= (uint8_t)(1 << (lamp.look & 0x0F));
        set(i, lamp_light(lamp, panel->settings.brightness_limit, &moment));
    }
    return true;
}

enum tone panel_tone(const struct panel *panel)
{
    return sound_tone(panel->sound, panel->since_sound_ms);
}
