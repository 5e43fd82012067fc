package dev.copperplate.backup.postgres.inventory;

import dev.copperplate.backup.postgres.wal.SegmentSize;

/**
 * What bases and WAL must have in common to fit.
 *
 * @param identity the system identifier, decimal
 * @param segments how it cuts its WAL
 */
public record Cluster(String identity, SegmentSize segments) {}
