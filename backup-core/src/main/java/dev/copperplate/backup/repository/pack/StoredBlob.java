package dev.copperplate.backup.repository.pack;

/**
 * A blob as a pack has it, opened, checked, and still compressed: to be sealed again elsewhere.
 *
 * @param payload its bytes; belong to whoever has the record
 * @param compressedFrom the size before compression, or 0 if it is not compressed
 * @param length the size of its content
 */
public record StoredBlob(byte[] payload, long compressedFrom, int length) {}
