package dev.copperplate.backup.kafka.transport;

/** Who writes batches, so that a broker knows a batch that it has already. */
public record ProducerIdentity(long id, short epoch) {}
