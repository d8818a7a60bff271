#include "sound.h"

enum tone sound_tone(enum sound sound, uint16_t since_ms)
{
    switch (sound) {
    case SOUND_CLICK:
        return since_ms < 30 ? TONE_HIGH : TONE_NONE;
    case SOUND_NOTICE:
        if (since_ms < 120) return TONE_HIGH;
        return since_ms >= 150 && since_ms < 270 ? TONE_LOW : TONE_NONE;
    case SOUND_ALARM:
        return since_ms < ALARM_MS && since_ms % 1000 < 500 ? TONE_HIGH : TONE_NONE;
    default:
        return TONE_NONE;
    }
}
