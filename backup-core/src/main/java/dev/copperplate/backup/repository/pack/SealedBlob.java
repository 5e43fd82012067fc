package dev.copperplate.backup.repository.pack;

/**
 * A blob as it is stored.
 *
 * @param bytes begin with the container; belong to the sealer, which overwrites them with the next
 * @param length of the container
 * @param compressedFrom the size before compression, or 0 if it is not compressed
 */
record SealedBlob(byte[] bytes, int length, long compressedFrom) {}
