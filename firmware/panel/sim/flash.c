/** Writes to the program memory: only the bootloader may, and the power can go in the middle of one. */
#include "sim.h"
#include <simavr/sim_io.h>
#include <stdlib.h>

/** Longest that an erasure or a write of a page takes, us; the firmware waits for its end with interrupts off. */
enum { PAGE_US = 4500 };
enum { SPMCSR = 0x57, SPMEN = 1, PGERS = 2, PGWRT = 4, Z_LOW = 30, Z_HIGH = 31, PAGE = 128, BOOT = 0x7000 };

int flash_cut_after;
/** The page in which the power goes, in the next instruction; -1: none. */
static int torn_page = -1;
static bool is_busy;

static void on_spmcsr(avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)param;
    if (!(value & SPMEN) || !(value & (PGERS | PGWRT))) return;
    if (avr->pc < BOOT) {
        tell("\"error\":\"flash written from %04x, outside the bootloader\"", avr->pc);
        exit(1);
    }
    is_busy = true;
    if (flash_cut_after > 0 && --flash_cut_after == 0)
        torn_page = (avr->data[Z_LOW] | avr->data[Z_HIGH] << 8) & ~(PAGE - 1);
}

bool flash_was_cut(void)
{
    /* libsimavr does it at once. */
    if (is_busy) avr->cycle += (avr_cycle_count_t)avr->frequency * PAGE_US / 1000000;
    is_busy = false;
    if (torn_page < 0) return false;
    /* Neither the old page nor the new one. */
    for (int i = PAGE / 2; i < PAGE; i++) avr->flash[torn_page + i] = (uint8_t)(i * 37);
    torn_page = -1;
    return true;
}

void flash_attach(void)
{
    avr_irq_register_notify(avr_iomem_getirq(avr, SPMCSR, "spmcsr", AVR_IOMEM_IRQ_ALL), on_spmcsr, NULL);
}
