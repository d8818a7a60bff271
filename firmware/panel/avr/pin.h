/** Registers of a pin of pins.h: PORT_OF(PIN_STATUS), BIT_OF(PIN_STATUS) … */
#pragma once
#include "pins.h"
#include <avr/io.h>

#define PORT_(port, bit) PORT##port
#define DDR_(port, bit) DDR##port
#define INPUT_(port, bit) PIN##port
#define BIT_(port, bit) ((uint8_t)(1u << (bit)))
#define PORT_OF(...) PORT_(__VA_ARGS__)
#define DDR_OF(...) DDR_(__VA_ARGS__)
#define INPUT_OF(...) INPUT_(__VA_ARGS__)
#define BIT_OF(...) BIT_(__VA_ARGS__)

#define PIN_HIGH(...) (PORT_(__VA_ARGS__) |= BIT_(__VA_ARGS__))
#define PIN_LOW(...) (PORT_(__VA_ARGS__) &= (uint8_t)~BIT_(__VA_ARGS__))
#define PIN_OUTPUT(...) (DDR_(__VA_ARGS__) |= BIT_(__VA_ARGS__))
