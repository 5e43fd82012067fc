package dev.copperplate.backup.repository.pack;

/**
 * A blob as it is stored.
 *
 * @param bytes the container; not to be changed
 * @param compressedFrom the size before compression, or 0 if it is not compressed
 */
record SealedBlob(byte[] bytes, long compressedFrom) {}
