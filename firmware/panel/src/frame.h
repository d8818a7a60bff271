/** Frames of the serial line, hardware/panel-protocol.md section 2. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { FRAME_HEADER = 7, FRAME_CRC = 2, FRAME_MAX_PAYLOAD = 96 };
enum { FRAME_MAX = FRAME_HEADER + FRAME_MAX_PAYLOAD + FRAME_CRC };

struct frame {
    uint8_t version, address, sequence, type, length;
    /** Within the parser; good until its next call. */
    const uint8_t *payload;
};

/** Finds frames in what comes over the line. All zeros is its start. */
struct frame_parser {
    uint8_t bytes[FRAME_MAX];
    uint8_t length;
    /** Bytes of the frame given last, still in front. */
    uint8_t given;
    /** Bytes that belonged to no frame, modulo 65,536. */
    uint16_t discarded;
};

/** Adds a byte that came; take the frames that it completes by frame_next before the next one. */
void frame_push(struct frame_parser *parser, uint8_t byte);
/** The next whole frame, if there is one. */
bool frame_next(struct frame_parser *parser, struct frame *frame);
/**
 * The line fell silent: throws one byte of what is incomplete away, then take frames again, until false: nothing is
 * left.
 */
bool frame_give_up(struct frame_parser *parser);

/** Completes a frame whose payload stands at bytes + FRAME_HEADER already. Returns its whole length. */
uint8_t frame_seal(uint8_t *bytes, uint8_t address, uint8_t sequence, uint8_t type, uint8_t length);
