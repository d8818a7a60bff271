/** seal IN OUT: makes an image of linked firmware: its length into the descriptor, its checksum behind it. */
#include "../src/crc.h"
#include "../src/image.h"
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    static const uint8_t magic[4] = DESCRIPTOR_MAGIC;
    static uint8_t image[SLOT_BYTES + 1];
    FILE *in = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (!in) return fprintf(stderr, "usage: seal IN OUT\n"), 2;
    size_t length = fread(image, 1, sizeof image, in);
    fclose(in);
    if (length % 2) image[length++] = 0xFF;
    if (length + IMAGE_CHECKSUM > SLOT_BYTES) return fprintf(stderr, "%s does not fit its place\n", argv[1]), 1;
    if (memcmp(image + DESCRIPTOR_AT, magic, sizeof magic) != 0)
        return fprintf(stderr, "%s has no descriptor at %02x\n", argv[1], DESCRIPTOR_AT), 1;
    size_t whole = length + IMAGE_CHECKSUM;
    image[DESCRIPTOR_AT + 8] = (uint8_t)whole;
    image[DESCRIPTOR_AT + 9] = (uint8_t)(whole >> 8);
    uint32_t crc = CRC32_START;
    for (size_t i = 0; i < length; i++) crc = crc32_update(crc, image[i]);
    crc = ~crc;
    for (int i = 0; i < IMAGE_CHECKSUM; i++) image[length++] = (uint8_t)(crc >> (8 * i));
    FILE *out = fopen(argv[2], "wb");
    if (!out || fwrite(image, 1, whole, out) != whole || fclose(out) != 0) return perror(argv[2]), 1;
    printf("%s: %zu of %d bytes\n", argv[2], whole, SLOT_BYTES);
    return 0;
}
