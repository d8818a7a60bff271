/**
 * Changes the two firmwares over, page by page, so that each is whole again afterwards whatever is cut short. With A
 * the running and B the other firmware, n pages each and one spare page behind A:
 *
 *     shift  A[n] <- A[n-1], … A[1] <- A[0]          A stands one page higher
 *     take   A[i] <- B[i]        for i = 0 … n-1     A[i]'s old page stands at A[i+1]
 *     keep   B[i] <- A[i+1]
 *
 * Each step reads only pages that no step up to it has yet to write again, so it can be done twice. The journal names
 * the step to do next: after a loss of power that one is done again.
 */
#include "swap.h"
#include "../src/board.h"
#include "../src/image.h"
#include "../src/journal.h"

enum { TRIAL_STARTS = 3 };

static void copy_page(uint8_t to, uint8_t from)
{
    uint8_t bytes[FLASH_PAGE];
    uint16_t at = from * FLASH_PAGE;
    for (uint8_t i = 0; i < FLASH_PAGE; i++) bytes[i] = board_flash_byte(at + i);
    board_flash_write(to, bytes);
}

/** Does the step that the journal names, and writes the next one to it. */
static void step(struct journal *journal)
{
    uint8_t index = journal->index, undoing = journal->phase & JOURNAL_UNDOING;
    switch (journal->phase & ~JOURNAL_UNDOING) {
    case JOURNAL_SHIFT:
        copy_page(RUNNING_PAGE + index + 1, RUNNING_PAGE + index);
        if (index > 0) journal->index--;
        else journal->phase = JOURNAL_TAKE | undoing;
        break;
    case JOURNAL_TAKE:
        copy_page(RUNNING_PAGE + index, OTHER_PAGE + index);
        journal->phase = JOURNAL_KEEP | undoing;
        break;
    case JOURNAL_KEEP:
        copy_page(OTHER_PAGE + index, RUNNING_PAGE + index + 1);
        journal->index++;
        journal->phase = JOURNAL_TAKE | undoing;
        if (journal->index == journal->pages) {
            journal->phase = undoing ? JOURNAL_UNDONE : JOURNAL_TRIAL;
            journal->index = 0;
        }
        break;
    }
    journal_write(*journal);
}

static bool is_changing(const struct journal *journal)
{
    uint8_t phase = journal->phase & ~JOURNAL_UNDOING;
    return phase >= JOURNAL_SHIFT && phase <= JOURNAL_KEEP && journal->pages > 0 && journal->pages <= SLOT_PAGES &&
           journal->index < journal->pages;
}

static void finish(struct journal *journal)
{
    while (is_changing(journal)) step(journal);
}

static uint8_t pages_of(uint16_t length)
{
    return (uint8_t)((length + FLASH_PAGE - 1) / FLASH_PAGE);
}

/** False: there is no other firmware that is whole. */
static bool change_over(struct journal *journal, uint8_t undoing)
{
    struct descriptor running, other;
    if (!image_is_whole(OTHER_PAGE, &other)) return false;
    uint8_t pages = pages_of(other.length);
    if (image_is_whole(RUNNING_PAGE, &running) && pages_of(running.length) > pages) pages = pages_of(running.length);
    *journal = (struct journal){.phase = JOURNAL_SHIFT | undoing, .index = pages - 1, .pages = pages};
    journal_write(*journal);
    finish(journal);
    return true;
}

bool boot_prepare(void)
{
    struct journal journal = journal_read();
    struct descriptor descriptor;
    finish(&journal);
    if (journal.phase == JOURNAL_ORDERED && !change_over(&journal, 0)) {
        journal = (struct journal){.phase = JOURNAL_SETTLED};
        journal_write(journal);
    }
    if (journal.phase == JOURNAL_TRIAL && (journal.index < TRIAL_STARTS || !change_over(&journal, JOURNAL_UNDOING))) {
        if (journal.index < TRIAL_STARTS) journal.index++;
        journal_write(journal);
    }
    if (image_is_whole(RUNNING_PAGE, &descriptor)) return true;
    return change_over(&journal, JOURNAL_UNDOING) && image_is_whole(RUNNING_PAGE, &descriptor);
}
