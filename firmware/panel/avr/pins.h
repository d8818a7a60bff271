/** Made by scripts/panel-pins.ts from hardware/pins.json: change it there. Port and bit of each pin. */
#pragma once

#define BOARD_CLOCK_HZ 14745600ul

/** serial line, from the host (RXD) */
#define PIN_LINE_RX D, 0
/** serial line, to the host (TXD) */
#define PIN_LINE_TX D, 1
/** RS-485 driver on while high (DE and /RE of the transceiver) */
#define PIN_LINE_DRIVE D, 2
/** piezo buzzer (OC2B) */
#define PIN_BUZZER D, 3
/** /OE of every 74HC595; pulled up, so that lamps are dark until the firmware runs */
#define PIN_LAMPS_DARK D, 6
/** light on the board, on while a host asks */
#define PIN_STATUS D, 7
/** SER of the first register of the red chain; data of a WS2812 strip */
#define PIN_RED_DATA B, 0
/** SER of the first register of the green chain */
#define PIN_GREEN_DATA B, 1
/** SER of the first register of the blue chain */
#define PIN_BLUE_DATA B, 2
/** SRCLK of every 74HC595 (MOSI of the programmer) */
#define PIN_LAMPS_CLOCK B, 3
/** RCLK of every 74HC595 (MISO of the programmer) */
#define PIN_LAMPS_LATCH B, 4
/** button 0 to ground, pull-up inside */
#define PIN_BUTTON_0 C, 0
/** button 1 to ground, pull-up inside */
#define PIN_BUTTON_1 C, 1
/** button 2 to ground, pull-up inside */
#define PIN_BUTTON_2 C, 2
/** button 3 to ground, pull-up inside */
#define PIN_BUTTON_3 C, 3
