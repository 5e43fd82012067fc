package dev.copperplate.backup.repository.pack;

/**
 * What a blob holds, checked.
 *
 * @param bytes begin with it
 * @param length of it
 */
public record BlobContent(byte[] bytes, int length) {}
