/** Kind of board and lamps, as hello tells it; chosen when the firmware is built (HARDWARE=… of the Makefile). */
#pragma once

enum hardware { COLOUR_595 = 1, ONE_COLOUR_595 = 2, COLOUR_WS2812 = 3 };

#ifndef PANEL_HARDWARE
#define PANEL_HARDWARE 1
#endif
