/** Sounds of the buzzer; hardware/panel-protocol.md section 3. */
#pragma once
#include <stdint.h>

enum sound { SOUND_SILENCE, SOUND_CLICK, SOUND_NOTICE, SOUND_ALARM, SOUNDS };
enum tone { TONE_NONE, TONE_LOW, TONE_HIGH };
enum { ALARM_MS = 60000u };

/** The tone of a sound so long after it began, ms. */
enum tone sound_tone(enum sound sound, uint16_t since_ms);
