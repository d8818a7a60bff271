/** Checksums: CRC-16/IBM-3740 of frames and records, CRC-32/ISO-HDLC of firmware images. */
#pragma once
#include <stdint.h>

#define CRC16_START 0xFFFFu
#define CRC32_START 0xFFFFFFFFul

uint16_t crc16_update(uint16_t crc, uint8_t byte);
/** The checksum is the complement of what is left at the end. */
uint32_t crc32_update(uint32_t crc, uint8_t byte);
